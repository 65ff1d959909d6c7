"""The penguins of the Palmer Archipelago: reading, cleaning and summarising their measurements."""

import csv
from collections.abc import Iterable
from importlib.resources import files
from statistics import fmean

# A penguin is a plain dictionary: `species`, `island` and `sex` are text, `year` is a whole number, and each of these
# measurements is a number.
MEASUREMENTS = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")

NOT_MEASURED = "NA"


def read_penguins() -> list[dict]:
    """Read the raw data.

    Returns:
        One dictionary of text for each penguin, 344 in all, with `"NA"` for missing values.
    """
    text = files(__package__).joinpath("data", "penguins.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def every_nth(rows: list[dict], n: int) -> list[dict]:
    """Keep every nth row. The data are sorted by species, so every species remains.

    Args:
        rows: Any number of rows.
        n: The distance between two rows that are kept, at least 1.

    Returns:
        The first row and every nth after it.

    Raises:
        ValueError: If `n` is below 1.
    """
    if n < 1:
        raise ValueError(f"n is {n}: give 1 or more")
    return rows[::n]


def clean(rows: Iterable[dict]) -> list[dict]:
    """Keep the penguins with complete measurements, and convert text to numbers.

    Args:
        rows: Penguins as `read_penguins` returns them.

    Returns:
        The complete penguins, in the same order; the sex may still be unknown (`"NA"`).

    Raises:
        ValueError: If a measurement is neither a number nor `"NA"`.
    """
    complete = [row for row in rows if NOT_MEASURED not in (row[name] for name in MEASUREMENTS)]
    return [_with_numbers(row) for row in complete]


def _with_numbers(row: dict) -> dict:
    return row | {name: float(row[name]) for name in MEASUREMENTS} | {"year": int(row["year"])}


def mean_measurements(penguins: Iterable[dict]) -> dict[str, dict[str, float]]:
    """Average each measurement over each species.

    Args:
        penguins: Penguins as `clean` returns them.

    Returns:
        The mean of each measurement for each species, in alphabetical order of species.
    """
    by_species = group_by_species(penguins)
    return {species: _means(birds) for species, birds in by_species.items()}


def as_rows(means: dict[str, dict[str, float]]) -> list[dict]:
    """Convert the means to a table: one row for each species, which starts with its name."""
    return [{"species": species} | values for species, values in means.items()]


def group_by_species(penguins: Iterable[dict]) -> dict[str, list[dict]]:
    """Group penguins by species.

    Args:
        penguins: Penguins as `clean` returns them.

    Returns:
        The penguins of each species, in alphabetical order of species.
    """
    groups: dict[str, list[dict]] = {}
    for penguin in penguins:
        groups.setdefault(penguin["species"], []).append(penguin)
    return dict(sorted(groups.items()))


def _means(penguins: list[dict]) -> dict[str, float]:
    return {name: fmean(penguin[name] for penguin in penguins) for name in MEASUREMENTS}
