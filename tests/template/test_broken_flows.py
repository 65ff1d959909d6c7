"""The template's own flows, broken in one place at a time: the linter reports each."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.in_process import run

MEASUREMENTS, CLASSIFIER = "penguin_measurements", "penguin_species_classifier"


@dataclass(frozen=True)
class Broken:
    """A flow with a text in place of another, and what the linter reports.

    Attributes:
        why: what is wrong.
        flow: the folder of the flow.
        old: a text of its file.
        new: what stands in its place.
        code: the rule that reports it.
        at: a part of the line that the report points to.
    """

    why: str
    flow: str
    old: str
    new: str
    code: str
    at: str


CASES = [
    Broken(
        "no merge",
        CLASSIFIER,
        '        self.merge_artifacts(inputs, include=["penguins"])\n',
        "",
        "MF404",
        "fit(self.penguins",
    ),
    Broken(
        "the merge leaves it out",
        CLASSIFIER,
        "include=[",
        "exclude=[",
        "MF404",
        "fit(self.penguins",
    ),
    Broken(
        "the join keeps no features",
        CLASSIFIER,
        "self.features, self.accuracy = best.features, best.accuracy",
        "self.accuracy = best.accuracy",
        "MF404",
        "fit(self.penguins, self.features)",
    ),
    Broken(
        "the join keeps another name",
        CLASSIFIER,
        "self.features, self.accuracy = best",
        "self.best, self.accuracy = best",
        "MF404",
        "fit(self.penguins, self.features)",
    ),
    Broken(
        "foreach is misspelt",
        CLASSIFIER,
        'foreach="candidates"',
        'foreach="candidate"',
        "MF405",
        "foreach=",
    ),
    Broken("foreach is another word", CLASSIFIER, "foreach=", "for_each=", "MF809", "self.next("),
    Broken(
        "the list is never set",
        CLASSIFIER,
        "self.candidates = candidate",
        "candidates = candidate",
        "MF405",
        "foreach=",
    ),
    Broken(
        "a condition that nothing sets",
        CLASSIFIER,
        '        self.merge_artifacts(inputs, include=["penguins"])\n        self.next(self.end)',
        '        self.merge_artifacts(inputs, include=["penguins"])\n'
        '        self.next({"good": self.end, "bad": self.end}, condition="quality")',
        "MF405",
        "condition=",
    ),
    Broken(
        "a read is misspelt",
        MEASUREMENTS,
        "clean(self.rows)",
        "clean(self.row)",
        "MF405",
        "self.row)",
    ),
    Broken(
        "a read in an f-string is misspelt",
        MEASUREMENTS,
        "{len(self.penguins)} of",
        "{len(self.penguin)} of",
        "MF405",
        "self.penguin)",
    ),
    Broken(
        "an assignment is misspelt",
        MEASUREMENTS,
        "self.means = mean",
        "self.mean = mean",
        "MF405",
        "as_rows(self.means)",
    ),
    Broken(
        "a parameter is gone",
        MEASUREMENTS,
        '    tables = Parameter(\n        "tables",\n        help="Folder or s3:// address for the '
        'tables of all branches; empty to write none",\n        type=str,\n'
        "        default=tables_root,\n    )\n",
        "",
        "MF405",
        "root=self.tables",
    ),
    Broken(
        "a parameter is read by its option",
        MEASUREMENTS,
        "root=self.tables",
        "root=self.table_folder",
        "MF405",
        "root=self.table_folder",
    ),
    Broken(
        "the test mode is not read",
        CLASSIFIER,
        "self.test_mode",
        "False",
        "MF205",
        "test_mode = Parameter",
    ),
    Broken(
        "the test mode is not read in the other flow",
        MEASUREMENTS,
        "self.test_mode",
        "False",
        "MF205",
        "test_mode = Parameter",
    ),
    Broken(
        "there is no test mode",
        CLASSIFIER,
        "    test_mode = Parameter(",
        "    sample = Parameter(",
        "MF203",
        "sample",
    ),
    Broken(
        "no project", MEASUREMENTS, '@project(name="birds")\n', "", "MF101", "PenguinMeasurements"
    ),
    Broken(
        "another project",
        MEASUREMENTS,
        '@project(name="birds")',
        '@project(name="bird")',
        "MF102",
        "@project",
    ),
    Broken(
        "the waiting end of the event is misspelt",
        CLASSIFIER,
        'event="penguins_measured"',
        'event="penguin_measured"',
        "MF706",
        "penguin_measured",
    ),
    Broken(
        "the raising end of the event is misspelt",
        MEASUREMENTS,
        '"penguins_measured"',
        '"penguins_measure"',
        "MF706",
        "penguins_measure",
    ),
    Broken(
        "triggers of two kinds",
        CLASSIFIER,
        "from birds.events import namespaced_trigger",
        "from metaflow import trigger as namespaced_trigger",
        "MF703",
        "@namespaced_trigger",
    ),
    Broken(
        "a step that does not exist",
        MEASUREMENTS,
        "self.next(self.summarise)",
        "self.next(self.summarize)",
        "MF802",
        "self.summarize",
    ),
    Broken(
        "a step that does not go on",
        MEASUREMENTS,
        "        self.next(self.publish)\n",
        "",
        "MF808",
        "def summarise",
    ),
    Broken(
        "a join that takes no inputs",
        CLASSIFIER,
        "choose_best(self, inputs)",
        "choose_best(self)",
        "MF803",
        "inputs",
    ),
    Broken(
        "an import of everything",
        MEASUREMENTS,
        "from birds.tables import tables_root",
        "from birds.tables import *",
        "MF306",
        "import *",
    ),
    Broken(
        "an import that only another step has",
        MEASUREMENTS,
        "self.penguins = clean(self.rows)",
        "self.penguins = clean(every_nth(self.rows, 1))",
        "MF309",
        "every_nth(",
    ),
    Broken(
        "an import below other code",
        MEASUREMENTS,
        "        from birds.penguins import clean\n\n        self.penguins = clean(self.rows)\n",
        "        rows = self.rows\n        from birds.penguins import clean\n\n"
        "        self.penguins = clean(rows)\n",
        "MF305",
        "from birds.penguins import clean",
    ),
    Broken(
        "a decorator below @step",
        CLASSIFIER,
        '    @card(type="blank")\n    @step\n',
        '    @step\n    @card(type="blank")\n',
        "MF308",
        "@card",
    ),
    Broken(
        "the flow is not run",
        CLASSIFIER,
        'if __name__ == "__main__":\n    PenguinSpeciesClassifier()\n',
        "",
        "MF005",
        "class PenguinSpeciesClassifier",
    ),
    Broken(
        "an artifact is read before it is set",
        CLASSIFIER,
        "        self.features = self.input\n"
        "        self.accuracy = accuracy(self.penguins, self.features)",
        "        self.accuracy = accuracy(self.penguins, self.features)\n"
        "        self.features = self.input",
        "MF405",
        "accuracy(self.penguins, self.features)",
    ),
    Broken(
        "a parameter is set",
        CLASSIFIER,
        "        self.features = self.input\n",
        "        self.features = self.input\n        self.test_mode = False\n",
        "MF408",
        "self.test_mode = False",
    ),
    Broken(
        "the guard against test mode in production is missing",
        CLASSIFIER,
        "@no_test_mode_in_production\n",
        "",
        "MF208",
        "class ",
    ),
]


@pytest.fixture(scope="module")
def birds(baked, tmp_path_factory) -> Path:
    """A copy of the default project, under a name that fits the cases."""
    name = baked.path.name.replace("-", "_")
    folder = tmp_path_factory.mktemp("broken") / "project"
    ignored = shutil.ignore_patterns(".git", "__pycache__", ".metaflow*")
    shutil.copytree(baked.path, folder, ignore=ignored)
    assert (folder / "src" / name).is_dir()
    return folder


def reports(folder: Path) -> list[tuple[str, str]]:
    """The code and the line of each report on the flows of a project."""
    result = run(folder, "check", "--no-cache", "--output-format", "concise", "flows")
    found = []
    for line in result.out.splitlines():
        path, row, rest = (*line.split(":", 2), "", "")[:3]
        if row.isdigit():
            code = next(word for word in rest.split() if word.startswith("MF"))
            found.append((code, (folder / path).read_text().splitlines()[int(row) - 1]))
    return found


def test_the_flows_as_they_are_get_no_report(birds):
    assert reports(birds) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_each_break_is_reported(birds, case):
    package = next((birds / "src").iterdir()).name
    file = birds / "flows" / case.flow / "flow.py"
    text = file.read_text()
    old, new = (part.replace("birds", package) for part in (case.old, case.new))
    assert old in text
    file.write_text(text.replace(old, new))
    try:
        found = reports(birds)
    finally:
        file.write_text(text)
    assert any(
        code == case.code and case.at.replace("birds", package) in line for code, line in found
    ), found
