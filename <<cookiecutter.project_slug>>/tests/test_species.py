"""The functions that the steps of PenguinSpeciesClassifier call."""

import pytest

from << cookiecutter.project_slug >>.penguins import clean, read_penguins
from << cookiecutter.project_slug >>.species import accuracy, candidate_features, fit, predict

FEATURES = ["length", "depth"]
PENGUINS = [
    {"species": "Short", "length": 1.0, "depth": 5.0},
    {"species": "Short", "length": 2.0, "depth": 6.0},
    {"species": "Long", "length": 8.0, "depth": 5.0},
    {"species": "Long", "length": 9.0, "depth": 6.0},
]


def test_every_combination_of_measurements_is_a_candidate():
    assert len(candidate_features()) == 11
    assert len(candidate_features(limit=2)) == 2


def test_a_penguin_belongs_to_the_species_whose_average_is_nearest():
    classifier = fit(PENGUINS, FEATURES)
    assert predict(classifier, {"length": 3.0, "depth": 5.5}) == "Short"
    assert predict(classifier, {"length": 7.0, "depth": 5.5}) == "Long"


def test_a_penguin_is_classified_without_itself_in_the_training_data():
    penguins = [{"species": name, "length": length} for name, length in (("Short", 1.5), ("Long", 8.5), ("Short", 9.5))]
    assert accuracy(PENGUINS + penguins, ["length"]) == pytest.approx(6 / 7)


def test_bills_and_flippers_distinguish_real_penguins():
    features = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm"]
    assert accuracy(clean(read_penguins()), features) > 0.95


def test_nothing_can_be_learned_from_no_penguins():
    with pytest.raises(ValueError, match="no penguins"):
        fit([], FEATURES)


def test_nothing_can_be_learned_from_a_measurement_that_is_always_the_same():
    with pytest.raises(ValueError, match="same depth"):
        fit([penguin | {"depth": 5.0} for penguin in PENGUINS], FEATURES)
