"""Each flow in test mode, and its result from its getter."""

from pathlib import Path
from tempfile import gettempdir

import pytest


def test_the_measurements_of_a_tenth_of_the_penguins_are_cleaned(measurements_run):
    assert len(measurements_run["start"].task.data.rows) == 35
    assert all(penguin["body_mass_g"] > 2500 for penguin in measurements_run.data.penguins)
    assert set(measurements_run.data.means) == {"Adelie", "Chinstrap", "Gentoo"}


def test_in_test_mode_the_means_are_written_to_a_temporary_place(measurements_run):
    written = Path(measurements_run.data.table)
    assert written.is_relative_to(gettempdir())
    lines = written.read_text().splitlines()
    assert [line.split(",")[0] for line in lines] == ["species", "Adelie", "Chinstrap", "Gentoo"]
    assert all(f"{measurements_run.pathspec}/publish/" in line for line in lines[1:])


def test_the_classifier_is_the_better_of_two_candidates(classifier_run):
    tried = {task.data.accuracy for task in classifier_run["try_features"]}
    assert classifier_run.data.accuracy == max(tried)
    assert set(classifier_run.data.classifier["centroids"]) == {"Adelie", "Chinstrap", "Gentoo"}


def test_the_card_of_the_classifier_is_made(classifier_run):
    from metaflow.cards import get_cards

    (card,) = get_cards(classifier_run["end"].task)
    assert card.type == "blank"
    assert "<html" in card.get()


def test_the_getters_find_the_results_of_a_branch(measurements_run, classifier_run):
    from << cookiecutter.project_slug >>.getters import get_penguin_measurements, get_penguin_species_classifier
    from << cookiecutter.project_slug >>.runs import Which

    branch: Which = {"branch": "user.tester", "allow_test_mode": True}
    assert get_penguin_measurements(**branch)["penguins"] == measurements_run.data.penguins
    assert get_penguin_species_classifier(**branch)["classifier"] == classifier_run.data.classifier


def test_a_run_in_test_mode_stands_in_for_no_real_one(measurements_run):
    from << cookiecutter.project_slug >>.getters import get_penguin_measurements
    from << cookiecutter.project_slug >>.runs import NoRunFound

    with pytest.raises(NoRunFound, match=f"{measurements_run.pathspec} on user.tester: successful, in test mode"):
        get_penguin_measurements(branch="user.tester")


def test_outside_of_flows_a_getter_looks_at_production(measurements_run):
    from << cookiecutter.project_slug >>.getters import get_penguin_measurements
    from << cookiecutter.project_slug >>.runs import NoRunFound

    with pytest.raises(NoRunFound, match="with branch='prod'"):
        get_penguin_measurements(allow_test_mode=True)
