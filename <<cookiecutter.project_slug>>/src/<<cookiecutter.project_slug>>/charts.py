"""The contents of the flows' cards. A chart is a Vega-Lite dictionary, which Metaflow's cards draw."""

from metaflow import current
from metaflow.cards import Markdown, Table, VegaChart

from << cookiecutter.project_slug >>.penguins import group_by_species
from << cookiecutter.project_slug >>.species import predict

# Okabe and Ito's colours, which people with colour blindness can distinguish.
COLOURS = ["#0072B2", "#E69F00", "#009E73"]


def show_classifier(classifier: dict, penguins: list[dict], accuracy: float) -> None:
    """Show a classifier on the card of the running step.

    Args:
        classifier: What `species.fit` returned.
        penguins: The penguins that it was trained on.
        accuracy: The share of penguins that it classifies correctly.
    """
    labels = [label(name) for name in classifier["features"]]
    names = ", ".join(each.partition(" (")[0].lower() for each in labels)
    headers = ["Species", "Penguins", *labels]
    current.card.append(Markdown(f"# {accuracy:.1%} of {len(penguins)} penguins classified correctly"))
    current.card.append(Markdown(f"The classifier chooses the species whose average (♦) is nearest, by {names}."))
    current.card.append(VegaChart(classifier_chart(classifier, penguins)))
    current.card.append(Table(average_penguins(classifier, penguins), headers=headers))
    current.card.append(Markdown(f"Created by `{current.pathspec}`."))


def classifier_chart(classifier: dict, penguins: list[dict]) -> dict:
    """Draw each penguin and each species' average penguin, by the classifier's first two features.

    Args:
        classifier: What `species.fit` returned, with two features or more.
        penguins: Penguins with numbers for its features, and their species.

    Returns:
        A chart: a point for each penguin, coloured by species (a cross if it is classified wrongly), and a diamond for
        each average penguin.
    """
    points = [_point(classifier, penguin) for penguin in penguins]
    averages = [{"species": species, **_average(classifier, species)} for species in classifier["centroids"]]
    x, y = (_axis(name) for name in classifier["features"][:2])
    colour = {"field": "species", "title": "Species", "scale": {"range": COLOURS}}
    classified = {"field": "classified", "title": "Classified", "sort": ["correctly", "wrongly"]}
    shape = classified | {"scale": {"range": ["circle", "cross"]}}
    size = classified | {"scale": {"range": [45, 110]}, "legend": None}
    tooltip = [{"field": name, "title": label(name)} for name in points[0]]
    point = {"type": "point", "filled": True, "opacity": 0.75}
    diamond = {"type": "point", "filled": True, "opacity": 1, "shape": "diamond", "size": 350, "stroke": "white"}
    return {
        "height": 380,
        "config": {
            "view": {"stroke": None},
            "axis": {"gridColor": "#eee", "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
            "legend": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
        },
        "layer": [
            {
                "data": {"values": points},
                "mark": point,
                "encoding": {"x": x, "y": y, "color": colour, "shape": shape, "size": size, "tooltip": tooltip},
            },
            {
                "data": {"values": averages},
                "mark": diamond,
                "encoding": {"x": x, "y": y, "color": colour, "tooltip": tooltip[:-1]},
            },
        ],
    }


def average_penguins(classifier: dict, penguins: list[dict]) -> list[list]:
    """List the average penguin of each species.

    Args:
        classifier: What `species.fit` returned.
        penguins: The penguins that it was trained on.

    Returns:
        A row for each species: its name, its number of penguins, and the classifier's features, as text.
    """
    counts = {species: len(birds) for species, birds in group_by_species(penguins).items()}
    rows = {species: _average(classifier, species) for species in classifier["centroids"]}
    return [[species, counts[species], *(f"{value:.1f}" for value in row.values())] for species, row in rows.items()]


def label(name: str) -> str:
    """Make a column's name readable: `bill_length_mm` becomes `Bill length (mm)`."""
    words, _, unit = name.rpartition("_")
    text = f"{words.replace('_', ' ')} ({unit})" if words else unit
    return text[:1].upper() + text[1:]


def _axis(name: str) -> dict:
    return {"field": name, "type": "quantitative", "title": label(name), "scale": {"zero": False}}


def _point(classifier: dict, penguin: dict) -> dict:
    shown = {name: penguin[name] for name in ["species", *classifier["features"]]}
    is_correct = predict(classifier, penguin) == penguin["species"]
    return shown | {"classified": "correctly" if is_correct else "wrongly"}


def _average(classifier: dict, species: str) -> dict[str, float]:
    """Convert a species' average penguin from standard deviations back to the original units."""
    scales = zip(classifier["features"], classifier["centre"], classifier["spread"], strict=True)
    place = classifier["centroids"][species]
    return {name: centre + spread * z for (name, centre, spread), z in zip(scales, place, strict=True)}
