"""The example's card shows its result as a picture, without the network."""

import base64
import json
import re
from pathlib import Path

from .ran import Ran


def find(component: dict | list, kind: str) -> list[dict]:
    """Return all components of a type, at any depth."""
    if isinstance(component, list):
        return [found for each in component for found in find(each, kind)]
    if not isinstance(component, dict):
        return []
    own = [component] if component.get("type") == kind else []
    return own + [found for each in component.values() for found in find(each, kind)]


def test_the_card_of_a_run_in_test_mode_has_the_chart(tested: Ran, tmp_path: Path):
    project = tested.project
    file = tmp_path / "card.html"
    project.flow("penguin_species_classifier", "card", "get", "end", str(file))
    page = file.read_text(encoding="utf-8")
    # Metaflow's page carries its data, and the code that draws them, in itself.
    assert re.findall(r"""(?:src|href)=["']?https?:""", page) == []
    (encoded,) = re.findall(r'"([A-Za-z0-9+/=]{2000,})"', page)
    data = json.loads(base64.b64decode(encoded))
    assert find(data, "error") == []
    (chart,) = find(data, "vegaChart")
    points, averages = chart["spec"]["layer"]
    assert len(points["data"]["values"]) == 35
    assert len(averages["data"]["values"]) == 3
    (table,) = find(data, "table")
    assert [row[0] for row in table["data"]] == ["Adelie", "Chinstrap", "Gentoo"]
    texts = " ".join(text["source"] for text in find(data, "markdown"))
    assert re.search(r"# \d+\.\d% of 35 penguins classified correctly", texts)
    assert re.search(r"PenguinSpeciesClassifier/\d+/end/\d+", texts)
    # As the README shows it; what Metaflow keeps for that is nothing to commit.
    project.flow("penguin_species_classifier", "card", "view", "end", BROWSER="true")
    assert project.file("metaflow_card_cache").is_dir()
    project.run("git", "init", "--quiet")
    assert "metaflow_card_cache" not in project.run("git", "status", "--porcelain").stdout
