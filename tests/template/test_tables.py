"""What the example writes outside Metaflow goes to its branch's place, and says what made it."""

import csv
import json
from pathlib import Path

from .baking import BakedProject
from .ran import BRANCHES, Ran, latest
from .stand_ins import Buckets

FLOW = "penguin_measurements"
WHOLE = ("run", "--test-mode", "False")


def publish_task(project: BakedProject) -> tuple[str, str]:
    """Return the pathspec of the task that wrote, and what it says of the place."""
    code = (
        "import palmer_penguins\n"
        "from metaflow import Flow\n"
        "task = Flow('PenguinMeasurements').latest_run['publish'].task\n"
        "print(task.pathspec)\n"
        "print(task.data.table)\n"
    )
    pathspec, table = project.python("-c", code).stdout.splitlines()
    return pathspec, table


def assert_made_by(text: str, pathspec: str) -> None:
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["species"] for row in rows] == ["Adelie", "Chinstrap", "Gentoo"]
    assert {row["made_by"] for row in rows} == {pathspec}


def test_each_branch_has_a_place_of_its_own(whole: Ran):
    files = {whole.tables / branch / "species_means.csv" for branch in BRANCHES}
    assert {path for path in whole.tables.rglob("*") if path.is_file()} == files
    for branch in BRANCHES:
        task = "run['publish'].task"
        pathspec, table = latest(
            whole, "PenguinMeasurements", branch, f"{task}.pathspec", f"{task}.data.table"
        )
        assert Path(table) == whole.tables / branch / "species_means.csv"
        assert_made_by(Path(table).read_text(), pathspec)


def test_a_test_run_writes_where_nobody_looks(tested: Ran):
    pathspec, table = publish_task(tested.project)
    assert not tested.tables.exists()
    assert Path(table).is_relative_to(tested.scratch)
    assert_made_by(Path(table).read_text(), pathspec)


def test_a_test_run_on_a_shared_branch_writes_there_too(project: BakedProject, tmp_path: Path):
    scratch, root = tmp_path / "scratch", tmp_path / "tables"
    scratch.mkdir()
    project.flow(FLOW, "--branch", "new", "run", TABLES_ROOT=str(root), TMPDIR=str(scratch))
    pathspec, table = publish_task(project)
    assert not root.exists()
    assert Path(table).is_relative_to(scratch)
    assert_made_by(Path(table).read_text(), pathspec)


def test_nothing_is_written_unless_somebody_says_where(project: BakedProject):
    before = set(project.path.rglob("*.csv"))
    output = project.flow(FLOW, "--production", *WHOLE).stdout
    assert "The table species_means is not written" in output
    assert set(project.path.rglob("*.csv")) == before


def test_a_retried_step_leaves_one_table(project: BakedProject, tmp_path: Path):
    """The first attempt fails after it has written."""
    flow = project.file(f"flows/{FLOW}/flow.py")
    failing = "        assert current.retry_count > 0\n        self.next(self.end)\n"
    text = flow.read_text()
    step = text.index("def publish")
    flow.write_text(text[:step] + text[step:].replace("        self.next(self.end)\n", failing, 1))
    root = tmp_path / "tables"
    retried = ("--with", "retry:times=1,minutes_between_retries=0")
    output = project.flow(FLOW, "run", *retried, *WHOLE[1:], TABLES_ROOT=str(root)).stdout
    assert "AssertionError" in output
    pathspec, table = publish_task(project)
    assert [path for path in root.rglob("*") if path.is_file()] == [Path(table)]
    assert_made_by(Path(table).read_text(), pathspec)


def test_tables_go_to_buckets_too(project: BakedProject, buckets: Buckets):
    for _ in range(2):
        project.flow(
            FLOW, "--production", *WHOLE, TABLES_ROOT="s3://bucket/tables/", **buckets.settings
        )
    pathspec, table = publish_task(project)
    assert table == "s3://bucket/tables/prod/species_means.csv"
    code = f"from metaflow import S3\nwith S3() as s3:\n    print(s3.get('{table}').text, end='')"
    assert_made_by(project.python("-c", code, **buckets.settings).stdout, pathspec)


def test_a_deployment_keeps_the_place_that_it_was_told(project: BakedProject, buckets: Buckets):
    command = ("--datastore=s3", "--production", "argo-workflows", "create", "--only-json")
    settings = buckets.settings | {"TABLES_ROOT": "s3://bucket/tables"}
    template = json.loads(project.flow(FLOW, *command, **settings).stdout)
    parameters = template["spec"]["arguments"]["parameters"]
    defaults = {each["name"]: json.loads(each["value"]) for each in parameters}
    assert defaults["tables"] == "s3://bucket/tables"
