"""docs/gotchas.md of a generated project says what today's Metaflow does: each section is tried.

A test is named for its section; a flow is as small as shows it.
"""

import re
import textwrap
from pathlib import Path

import pytest

from .baking import REPOSITORY, isolated_environment, run_python

PAGE = (REPOSITORY / "<<cookiecutter.project_slug>>" / "docs" / "gotchas.md").read_text("utf-8")

FOREACH = """
    @step
    def each(self):
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)
"""

BRANCHES = """
    @step
    def left(self):
        self.x = "left"
        self.next(self.join)

    @step
    def right(self):
        self.x = "right"
        self.next(self.join)

    @step
    def join(self, inputs):
        {merge}
        self.next(self.end)
"""


class Folder:
    """A folder with a flow, and alice, who runs it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.env = isolated_environment(path.parent / "home")
        self.env |= {"METAFLOW_DATASTORE_SYSROOT_LOCAL": str(path)}

    def write(self, start: str, end: str = "pass", *, top="", fields="", steps="") -> None:
        """Write a flow whose `start` and `end` do this."""
        indented = [textwrap.indent(text, " " * 8) for text in (start, end)]
        self.path.joinpath("flow.py").write_text(
            "import json, os\n"
            "from metaflow import FlowSpec, Parameter, S3, current, project, step\n\n"
            f"{top}\nclass Tried(FlowSpec):\n    {fields}\n"
            f"    @step\n    def start(self):\n{indented[0]}\n{steps}\n"
            f"    @step\n    def end(self):\n{indented[1]}\n\n"
            'if __name__ == "__main__":\n    Tried()\n'
        )

    def python(self, *arguments: str, cwd: Path | None = None, **environment: str) -> str:
        """Run Python, and return its output."""
        env = {**self.env, **environment}
        done = run_python(*arguments, cwd=cwd or self.path, env=env, check=False)
        return f"{done.stdout}{done.stderr}\nended with {done.returncode}"

    def flow(self, *arguments: str, **environment: str) -> str:
        return self.python("flow.py", *arguments, **environment)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    path = tmp_path / "folder"
    path.mkdir()
    return Folder(path)


def says(heading: str, *errors: str, of: str) -> None:
    """Check that an error is in the output, and in the section of the page."""
    sections = dict(re.findall(r"^### ([^\n]+)\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL))
    section = " ".join(sections[heading].split())
    for error in errors:
        assert error in section
        # Metaflow breaks lines and stamps each; the page has `…` for what differs.
        output = " ".join(re.sub(r"^.*?\(pid \d+\)\] ?", "", of, flags=re.MULTILINE).split())
        parts = [re.escape(" ".join(part.split())) for part in error.split("…")]
        assert re.search(".*?".join(parts), output), of


NEXT = "self.next(self.end)"


def test_a_function_that_is_saved(folder: Folder):
    folder.write(f"self.clean = lambda row: row\n{NEXT}", "self.clean(1)")
    heading = "A saved function is missing in the next step"
    says(heading, "Flow … has no attribute 'clean'", of=folder.flow("run"))


def test_a_function_in_a_dictionary(folder: Folder):
    heading = "A function in a list or dictionary fails"
    folder.write(f"self.artifacts = {{'key': lambda row: row}}\n{NEXT}")
    says(heading, "Can't pickle local object", of=folder.flow("run"))
    folder.write(
        f"self.artifacts = {{'key': json.dumps}}\n{NEXT}", "print(self.artifacts['key']([1]))"
    )
    assert "ended with 0" in folder.flow("run")


def test_a_generator(folder: Folder):
    folder.write(f"self.rows = (row for row in [1])\n{NEXT}")
    heading = "A generator, file or connection cannot be saved"
    says(heading, 'Cannot pickle dump artifact named "rows"', of=folder.flow("run"))


def test_a_join(folder: Folder):
    start = "self.next(self.left, self.right)"
    folder.write(start, "print(self.x)", steps=BRANCHES.format(merge="pass"))
    heading = "Artifacts are missing after a join"
    says(heading, "Flow … has no attribute 'x'", of=folder.flow("run"))
    folder.write(start, steps=BRANCHES.format(merge="self.merge_artifacts(inputs)"))
    error = "cannot merge the following artifacts due to them having conflicting values: [x]"
    says("Different values cannot be merged", error, of=folder.flow("run"))


def test_parameters(folder: Folder):
    folder.write(f"self.limit = 1\n{NEXT}", fields="limit = Parameter('limit', default=3)")
    error = "Flow level attributes and Parameters are not modifiable"
    says("Parameters cannot be set", error, of=folder.flow("run"))


def test_the_last_statement(folder: Folder):
    heading = "Metaflow reads only the last statement"
    for start in (f"if True:\n    {NEXT}\nelse:\n    {NEXT}", f"{NEXT}\nprint()"):
        folder.write(start)
        says(heading, "Step start is missing a self.next() transition", of=folder.flow("run"))


def test_a_foreach(folder: Folder):
    start = "self.items = list(range({n}))\nself.next(self.each, foreach='items')"
    folder.write(start.format(n=0), steps=FOREACH)
    error = "Foreach iterator over items in step start produced zero splits"
    says("A foreach over an empty list fails", error, of=folder.flow("run"))
    folder.write(start.format(n=101), steps=FOREACH)
    heading = "A foreach over more than 100 items needs permission"
    error = "yielded 101 child steps which is more than the current maximum of 100 children"
    says(heading, error, of=folder.flow("run"))


def test_a_star_import(folder: Folder):
    folder.write(f"from json import *\n{NEXT}")
    says(
        "No star imports in a step", "import * only allowed at module level", of=folder.flow("show")
    )


def test_options_before_the_command(folder: Folder):
    folder.write(NEXT, "print(current.is_production)", top='@project(name="tried")')
    heading = "Some options must be before the command"
    says(heading, "no such option: --production", of=folder.flow("run", "--production"))
    assert "True" in folder.flow("--production", "run")


def test_a_flow_without_a_project(folder: Folder):
    folder.write(NEXT, "print(current.is_production)")
    heading = "A flow without a project has no --production"
    says(heading, "no such option: --production", of=folder.flow("--production", "run"))
    says(heading, "'Current' object has no attribute 'is_production'", of=folder.flow("run"))


def test_a_switch_and_a_default_that_is_called(folder: Folder):
    default = "default=lambda _: True)"
    folder.write(NEXT, fields=f"test_mode = Parameter('test-mode', type=bool, {default}")
    error = "--test-mode option requires an argument"
    says("A Boolean option needs a value", error, of=folder.flow("run", "--test-mode"))
    folder.write(NEXT, fields=f"test_mode = Parameter('test-mode', {default}")
    says("A callable default needs a type", "Expected a string", of=folder.flow("run"))


def test_a_resume(folder: Folder):
    end = (
        "print('made by', self.code, 'after', current.origin_run_id)\nos.environ['FAIL'] and 1 / 0"
    )
    limit = "limit = Parameter('limit', default=3)"
    folder.write(f"self.code = 'old'\n{NEXT}", end, fields=limit)
    first = re.search(r"\[(\d+)/start", folder.flow("run", FAIL="yes"))[1]
    says(
        "A resume takes no parameters",
        "no such option: --limit",
        of=folder.flow("resume", "--limit", "7"),
    )
    folder.write(f"self.code = 'new'\n{NEXT}", end, fields=limit)
    output = folder.flow("resume", FAIL="yes")
    # Completed steps keep the results of the old code.
    assert f"made by old after {first}" in output
    second = re.search(r"\[(\d+)/end", output)[1]
    # A resume starts from the last run, not from the last resume.
    assert f"made by old after {first}" in folder.flow("resume", FAIL="")
    resumed = folder.flow("resume", "--origin-run-id", second, FAIL="")
    assert f"made by old after {second}" in resumed
    assert f"made by new after {first}" in folder.flow("resume", "start", FAIL="")


def test_a_resume_with_s3(folder: Folder, buckets):
    folder.write(
        f"with S3(run=self) as s3:\n    self.address = s3.put('key', 'text')\n{NEXT}",
        "os.environ['FAIL'] and 1 / 0\n"
        "with S3() as s3:\n    print('by address:', s3.get(self.address).text)\n"
        "with S3(run=self) as s3:\n    print('by key:', s3.get('key').text)",
    )
    settings = buckets.settings | {"METAFLOW_DATATOOLS_S3ROOT": "s3://bucket/tools"}
    folder.flow("run", FAIL="yes", **settings)
    output = folder.flow("resume", FAIL="", **settings)
    assert "by address: text" in output
    says("Data written with S3(run=self) is not found", "S3 object not found", of=output)


def test_s3_without_a_place(folder: Folder):
    heading = "S3 has no address"
    folder.write(f"with S3(run=self) as s3:\n    pass\n{NEXT}")
    error = "DATATOOLS_S3ROOT is not configured when trying to use S3 storage"
    says(heading, error, of=folder.flow("run"))
    error = "Could not find the location of the datastore"
    says(heading, error, of=folder.flow("--datastore=s3", "run"))


def test_results_of_another_folder(folder: Folder, tmp_path: Path):
    folder.write(NEXT)
    where = {"METAFLOW_DATASTORE_SYSROOT_LOCAL": ""}
    folder.env.pop("METAFLOW_DATASTORE_SYSROOT_LOCAL")
    folder.flow("run")
    look = ("-c", "import metaflow; print(metaflow.Flow('Tried').latest_run.successful)")
    below = folder.path / "below"
    below.mkdir()
    assert "True" in folder.python(*look, cwd=below)
    heading = "Results are not found from another folder"
    says(heading, "Flow('…') does not exist", of=folder.python(*look, cwd=tmp_path))
    where["METAFLOW_DATASTORE_SYSROOT_LOCAL"] = str(folder.path)  # as .envrc has it
    assert "True" in folder.python(*look, cwd=tmp_path, **where)


def test_a_profile_and_a_user_that_are_not_there(folder: Folder):
    folder.write(NEXT)
    error = "Unable to locate METAFLOW_PROFILE '…'"
    says("A profile is missing", error, of=folder.flow("run", METAFLOW_PROFILE="nowhere"))
    nobody = dict.fromkeys(("METAFLOW_USER", "SUDO_USER", "USERNAME", "USER"), "")
    error = "Metaflow could not determine your user name"
    says("Metaflow does not know the user", error, of=folder.flow("run", **nobody))


def test_other_machines(folder: Folder, buckets):
    heading = "--with kubernetes and --with batch need a remote datastore"
    folder.write(NEXT)
    error = (
        "The @kubernetes decorator requires --datastore=s3 or --datastore=azure or --datastore=gs"
    )
    says(heading, error, of=folder.flow("run", "--with", "kubernetes"))
    output = folder.flow("run", "--with", "batch")
    assert "The @batch decorator requires --datastore=s3." in output
    endpoint = buckets.settings["METAFLOW_S3_ENDPOINT_URL"]
    # Other tests make queues, in the region of their own.
    elsewhere = {"AWS_ENDPOINT_URL": endpoint, "AWS_DEFAULT_REGION": "eu-north-1"}
    remote = {**buckets.settings, **elsewhere}
    output = folder.flow("--datastore=s3", "run", "--with", "batch", **remote)
    says(
        heading,
        "No job queue  specified and no valid & enabled queue found".replace("  ", " "),
        of=output,
    )


def test_every_section_is_tried():
    source = Path(__file__).read_text(encoding="utf-8")
    headings = re.findall(r"^### (.+)$", PAGE, re.MULTILINE)
    assert [heading for heading in headings if heading not in source] == []
    assert len(headings) == len(set(headings)) > 20
