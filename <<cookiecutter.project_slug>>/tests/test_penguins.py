"""The functions that the steps of PenguinMeasurements call."""

import pytest

from << cookiecutter.project_slug >>.penguins import as_rows, clean, every_nth, mean_measurements, read_penguins


def penguin(species: str, bill_length: str) -> dict:
    """A row of the raw data."""
    return {
        "species": species,
        "island": "Dream",
        "bill_length_mm": bill_length,
        "bill_depth_mm": "18.5",
        "flipper_length_mm": "190",
        "body_mass_g": "3700",
        "sex": "NA",
        "year": "2008",
    }


def test_every_penguin_is_read():
    penguins = read_penguins()
    assert len(penguins) == 344
    assert {penguin["species"] for penguin in penguins} == {"Adelie", "Chinstrap", "Gentoo"}


def test_thinning_out_keeps_every_species():
    assert {penguin["species"] for penguin in every_nth(read_penguins(), 10)} == {"Adelie", "Chinstrap", "Gentoo"}


def test_thinning_out_refuses_what_is_no_count():
    with pytest.raises(ValueError, match="give 1 or more"):
        every_nth([], 0)


def test_cleaning_drops_a_penguin_without_its_measurements_and_keeps_one_without_its_sex():
    cleaned = clean([penguin("Adelie", "39.5"), penguin("Adelie", "NA")])
    assert [(bird["bill_length_mm"], bird["year"], bird["sex"]) for bird in cleaned] == [(39.5, 2008, "NA")]


def test_cleaning_refuses_what_is_no_number():
    with pytest.raises(ValueError, match="long"):
        clean([penguin("Adelie", "long")])


def test_means_are_taken_over_each_species():
    means = mean_measurements(clean([penguin("Gentoo", "46"), penguin("Adelie", "38"), penguin("Adelie", "40")]))
    assert list(means) == ["Adelie", "Gentoo"]
    assert means["Adelie"]["bill_length_mm"] == 39


def test_means_become_a_row_for_each_species():
    assert as_rows({"Adelie": {"year": 2008.0}}) == [{"species": "Adelie", "year": 2008.0}]
