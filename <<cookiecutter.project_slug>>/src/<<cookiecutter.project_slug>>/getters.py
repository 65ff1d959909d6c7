"""The results of this project's flows as plain Python data, one getter each.

A getter takes the arguments of `runs.latest_run`, such as `branch="test.new_data"`. See there how the run is selected,
and what is raised if there is none.
"""
<%- if cookiecutter.example_flows %>

from typing import Unpack

from << cookiecutter.project_slug >>.runs import Which, latest_run


def get_penguin_measurements(**which: Unpack[Which]) -> dict:
    """Return the cleaned penguins.

    Returns:
        `penguins`, a list of them as `penguins.clean` returns it, and `means`, as `penguins.mean_measurements` does.
    """
    data = latest_run("PenguinMeasurements", **which).data
    return {"penguins": data.penguins, "means": data.means}


def get_penguin_species_classifier(**which: Unpack[Which]) -> dict:
    """Return the classifier of penguins.

    Returns:
        `classifier`, for `species.predict`, and `accuracy`, the share of penguins that it classifies correctly.
    """
    data = latest_run("PenguinSpeciesClassifier", **which).data
    return {"classifier": data.classifier, "accuracy": data.accuracy}
<%- endif %>
