"""What the cards of the flows show. A chart is a dictionary in Vega-Lite's language, which Metaflow's cards draw."""

from metaflow import current
from metaflow.cards import Markdown, Table, VegaChart

from << cookiecutter.project_slug >>.penguins import group_by_species
from << cookiecutter.project_slug >>.species import predict

# Okabe and Ito's colours, which people who see colours differently tell apart too.
COLOURS = ["#0072B2", "#E69F00", "#009E73"]


def show_classifier(classifier: dict, penguins: list[dict], accuracy: float) -> None:
    """Put a classifier on the card of the step that is running.

    Args:
        classifier: What `species.fit` returned.
        penguins: The penguins that it learned from.
        accuracy: The share of penguins that it tells rightly.
    """
    labels = [label(name) for name in classifier["features"]]
    names = ", ".join(each.partition(" (")[0].lower() for each in labels)
    headers = ["Species", "Penguins", *labels]
    current.card.append(Markdown(f"# {accuracy:.1%} of {len(penguins)} penguins told rightly"))
    current.card.append(Markdown(f"A penguin is of the species whose average (♦) is nearest, by {names}."))
    current.card.append(VegaChart(classifier_chart(classifier, penguins)))
    current.card.append(Table(average_penguins(classifier, penguins), headers=headers))
    current.card.append(Markdown(f"Made by `{current.pathspec}`."))


def classifier_chart(classifier: dict, penguins: list[dict]) -> dict:
    """Draw each penguin, and each species' average penguin, in the classifier's first two features.

    Args:
        classifier: What `species.fit` returned, with two features or more.
        penguins: Penguins with numbers for its features, and their species.

    Returns:
        A chart: a point a penguin, coloured by its species, a cross where the classifier takes it for another one, and
        a diamond for each average penguin.
    """
    points = [_point(classifier, penguin) for penguin in penguins]
    averages = [{"species": species, **_average(classifier, species)} for species in classifier["centroids"]]
    x, y = (_axis(name) for name in classifier["features"][:2])
    colour = {"field": "species", "title": "Species", "scale": {"range": COLOURS}}
    told = {"field": "told", "title": "Told", "sort": ["rightly", "wrongly"]}
    shape = told | {"scale": {"range": ["circle", "cross"]}}
    size = told | {"scale": {"range": [45, 110]}, "legend": None}
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
        penguins: The penguins that it learned from.

    Returns:
        A row a species: its name, how many penguins of it there are, and the classifier's features, as text.
    """
    counts = {species: len(birds) for species, birds in group_by_species(penguins).items()}
    rows = {species: _average(classifier, species) for species in classifier["centroids"]}
    return [[species, counts[species], *(f"{value:.1f}" for value in row.values())] for species, row in rows.items()]


def label(name: str) -> str:
    """Write a column's name for people: `bill_length_mm` is `Bill length (mm)`."""
    words, _, unit = name.rpartition("_")
    text = f"{words.replace('_', ' ')} ({unit})" if words else unit
    return text[:1].upper() + text[1:]


def _axis(name: str) -> dict:
    return {"field": name, "type": "quantitative", "title": label(name), "scale": {"zero": False}}


def _point(classifier: dict, penguin: dict) -> dict:
    shown = {name: penguin[name] for name in ["species", *classifier["features"]]}
    return shown | {"told": "rightly" if predict(classifier, penguin) == penguin["species"] else "wrongly"}


def _average(classifier: dict, species: str) -> dict[str, float]:
    """Bring a species' average penguin back from units of the spread around the centre."""
    scales = zip(classifier["features"], classifier["centre"], classifier["spread"], strict=True)
    place = classifier["centroids"][species]
    return {name: centre + spread * z for (name, centre, spread), z in zip(scales, place, strict=True)}
