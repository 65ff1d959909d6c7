"""The results of this project's flows as plain Python data, one getter each.

Each takes the same arguments as `runs.latest_run`, which says how the run is chosen, and raises the same errors.
"""
<%- if cookiecutter.example_flows %>

from << cookiecutter.project_slug >>.runs import latest_run


def get_penguin_measurements(branch: str | None = None, allow_test_mode: bool = False) -> dict:
    """Return the cleaned penguins.

    Returns:
        `penguins`, a list of them as `penguins.clean` returns it, and `means`, as `penguins.mean_measurements` does.
    """
    data = latest_run("PenguinMeasurements", branch, allow_test_mode).data
    return {"penguins": data.penguins, "means": data.means}


def get_penguin_species_classifier(branch: str | None = None, allow_test_mode: bool = False) -> dict:
    """Return what tells the species of a penguin.

    Returns:
        `classifier`, to be used with `species.predict`, and `accuracy`, the share of penguins that it tells rightly.
    """
    data = latest_run("PenguinSpeciesClassifier", branch, allow_test_mode).data
    return {"classifier": data.classifier, "accuracy": data.accuracy}
<%- endif %>
