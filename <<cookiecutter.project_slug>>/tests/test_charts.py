"""The contents of the cards."""

import pytest

from << cookiecutter.project_slug >>.charts import average_penguins, classifier_chart, label
from << cookiecutter.project_slug >>.penguins import clean, read_penguins
from << cookiecutter.project_slug >>.species import fit, predict

FEATURES = ["bill_length_mm", "flipper_length_mm", "body_mass_g"]


@pytest.fixture(scope="module")
def penguins() -> list[dict]:
    return clean(read_penguins())


def test_each_penguin_is_a_point_where_it_was_measured(penguins):
    classifier = fit(penguins, FEATURES)
    points, averages = classifier_chart(classifier, penguins)["layer"]
    drawn = points["data"]["values"]
    assert [point["bill_length_mm"] for point in drawn] == [bird["bill_length_mm"] for bird in penguins]
    wrong = [bird for bird in penguins if predict(classifier, bird) != bird["species"]]
    assert [point["classified"] for point in drawn].count("wrongly") == len(wrong) > 0
    assert points["encoding"]["x"]["title"] == "Bill length (mm)"
    assert points["encoding"]["y"]["title"] == "Flipper length (mm)"
    assert [average["species"] for average in averages["data"]["values"]] == ["Adelie", "Chinstrap", "Gentoo"]


def test_average_penguins_are_in_the_units_of_the_measurements(penguins):
    rows = average_penguins(fit(penguins, FEATURES), penguins)
    gentoos = [bird for bird in penguins if bird["species"] == "Gentoo"]
    mass = sum(bird["body_mass_g"] for bird in gentoos) / len(gentoos)
    assert rows[2][:2] == ["Gentoo", len(gentoos)]
    assert float(rows[2][-1]) == pytest.approx(mass, abs=0.051)


def test_names_are_written_for_people():
    assert label("body_mass_g") == "Body mass (g)"
    assert label("species") == "Species"
