"""Classifies a penguin by its measurements: it gets the species whose average penguin is nearest.

A classifier is a plain dictionary, so that reading it needs nothing but Python:

    features    the measurements that it uses, n names
    centre      their means over all penguins, n numbers
    spread      their standard deviations, n numbers
    centroids   for each species, the average penguin, in standard deviations from the mean, n numbers each
"""

from itertools import combinations
from math import dist
from statistics import fmean, pstdev

from << cookiecutter.project_slug >>.penguins import MEASUREMENTS, group_by_species


def candidate_features(limit: int | None = None) -> list[list[str]]:
    """List the sets of measurements to try.

    Args:
        limit: How many sets to return; all 11 if not given.

    Returns:
        Every combination of two or more measurements, the smallest first.
    """
    sizes = range(2, len(MEASUREMENTS) + 1)
    sets = [list(chosen) for size in sizes for chosen in combinations(MEASUREMENTS, size)]
    return sets[:limit]


def fit(penguins: list[dict], features: list[str]) -> dict:
    """Find the average penguin of each species.

    Args:
        penguins: Penguins with numbers for the features, at least two that differ in each.
        features: The measurements to use.

    Returns:
        A classifier (see the module's docstring).

    Raises:
        ValueError: If there are no penguins, or all have the same value of a feature.
    """
    if not penguins:
        raise ValueError("there are no penguins to learn from")
    columns = {name: [penguin[name] for penguin in penguins] for name in features}
    constant = [name for name, values in columns.items() if len(set(values)) == 1]
    if constant:
        raise ValueError(f"all penguins have the same {constant[0]}, so it cannot distinguish species")
    scales = {"centre": [fmean(v) for v in columns.values()], "spread": [pstdev(v) for v in columns.values()]}
    classifier: dict = {"features": features, **scales}
    groups = group_by_species(penguins)
    classifier["centroids"] = {name: _centroid(classifier, birds) for name, birds in groups.items()}
    return classifier


def predict(classifier: dict, penguin: dict) -> str:
    """Name the species whose average penguin is nearest.

    Args:
        classifier: What `fit` returned.
        penguin: A penguin with numbers for the classifier's features.

    Returns:
        The name of a species.
    """
    place = _place(classifier, penguin)
    return min(classifier["centroids"], key=lambda name: dist(place, classifier["centroids"][name]))


def accuracy(penguins: list[dict], features: list[str]) -> float:
    """Measure how well these features classify penguins that are not in the training data (leave-one-out).

    Args:
        penguins: Penguins as `fit` takes them, at least three.
        features: The measurements to use.

    Returns:
        The share of penguins that are classified correctly, between 0 and 1.
    """
    return fmean(_is_correct(penguins, left_out, features) for left_out in range(len(penguins)))


def _is_correct(penguins: list[dict], left_out: int, features: list[str]) -> bool:
    others = penguins[:left_out] + penguins[left_out + 1 :]
    return predict(fit(others, features), penguins[left_out]) == penguins[left_out]["species"]


def _centroid(classifier: dict, penguins: list[dict]) -> list[float]:
    places = [_place(classifier, penguin) for penguin in penguins]
    return [fmean(values) for values in zip(*places, strict=True)]


def _place(classifier: dict, penguin: dict) -> list[float]:
    """Convert each feature of a penguin to standard deviations from the mean."""
    scales = zip(classifier["features"], classifier["centre"], classifier["spread"], strict=True)
    return [(penguin[name] - centre) / spread for name, centre, spread in scales]
