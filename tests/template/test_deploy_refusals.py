"""What `python -m deploy` refuses, with a sentence and status 2, before anything is deployed."""

import pytest

from .deploying import SERVICE, Stage
from .stand_ins import Argo, Buckets

MEASUREMENTS = "flows/penguin_measurements/flow.py"


@pytest.fixture
def stage(project, buckets: Buckets, argo: Argo) -> Stage:
    stage = Stage(project, buckets, argo, buckets.settings | SERVICE | argo.settings)
    stage.commit()
    return stage


def replace(stage: Stage, name: str, old: str, new: str) -> None:
    text = stage.project.read(name)
    assert old in text
    stage.project.file(name).write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--branch", "Feature/New-1"), "Try --branch feature_new_1"),
        (("--branch", ""), "--branch is empty"),
        (("--branch", "x" * 129), "The maximum is 128 characters"),
        (("--production", "--branch", "a.b"), "Try --branch a_b"),
        (("--authorize",), "DEPLOY_TOKEN, which is not set"),
    ],
)
def test_options_that_cannot_be(stage: Stage, arguments: tuple[str, ...], sentence: str):
    assert sentence in stage.refused("create", *arguments)


@pytest.mark.parametrize(
    "arguments", [(), ("destroy",), ("rollback",), ("create", "--authorize=token")]
)
def test_a_command_line_that_means_nothing(stage: Stage, arguments: tuple[str, ...]):
    result = stage.deploy(*arguments, check=False)
    assert result.returncode == 2
    assert "usage: python -m deploy" in result.stderr


def test_changes_that_are_not_committed_in_production_alone(stage: Stage):
    stage.project.file("src/SLUG/new.py").touch()
    assert "changes that are not committed" in stage.refused("create", "--production")
    assert "changes that are not committed" in stage.refused("create", "--production", "--dry-run")
    assert "-dirty, by alice" in stage.deploy("create", "--dry-run").stdout


def test_a_project_without_a_commit(project, buckets: Buckets, argo: Argo):
    stage = Stage(project, buckets, argo, buckets.settings | SERVICE | argo.settings)
    assert "Commit the project first" in stage.refused("create")


@pytest.mark.parametrize(
    "setting", ["METAFLOW_SERVICE_URL", "METAFLOW_DATASTORE_SYSROOT_S3"], ids=["service", "root"]
)
@pytest.mark.parametrize("command", ["create", "status"])
def test_a_setting_that_metaflow_lacks(stage: Stage, command: str, setting: str):
    """Without its service, it would fail with a `TypeError` from within."""
    output = stage.refused(command, **{setting: ""})
    assert f"{setting} must be set: run `metaflow configure kubernetes`" in output


def test_a_client_that_is_not_installed(stage: Stage):
    # A module of this name that cannot be found again.
    site = stage.project.file("sitecustomize.py")
    site.write_text('import sys\n\nsys.modules["kubernetes"] = None\n')
    output = stage.refused("create", anew=True, PYTHONPATH=str(stage.project.path))
    assert "kubernetes cannot be imported: run make remote" in output


@pytest.mark.parametrize("commit", ["nonsense", "--help", "HEAD~9", ""])
def test_a_rollback_to_no_commit(stage: Stage, commit: str):
    stage.refused("rollback", "--production", "--", commit)
    assert len(stage.project.run("git", "worktree", "list").stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("@project(", "@proj(", "Metaflow refuses flows/penguin_measurements/flow.py"),
        ("    def clean(", "    def clear(", "Metaflow refuses flows/penguin_measurements"),
        ('name="palmer_penguins"', 'name="birds"', "PenguinMeasurements is not in this project"),
        ("default=lambda _: not current.is_production", "default=True", "in test mode in prod"),
    ],
)
def test_a_flow_that_does_not_fit(stage: Stage, old: str, new: str, sentence: str):
    replace(stage, MEASUREMENTS, old, new)
    stage.commit()
    assert sentence in stage.refused("create", "--production")


def test_a_project_without_flows(stage: Stage):
    stage.project.run("rm", "-r", "flows")
    assert "there is no flow" in stage.refused("create")


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("[tool.deploy]\nimage = 1\n[tool.deploy.environment]", "has no setting 'image'"),
        ("[tool.deploy.environment]\nMETAFLOW_X = 1", "METAFLOW_X below [tool.deploy]"),
        ("[", "pyproject.toml cannot be read"),
    ],
)
def test_settings_that_make_no_sense(stage: Stage, new: str, sentence: str):
    replace(stage, "pyproject.toml", "[tool.deploy.environment]", new)
    assert sentence in stage.refused("create")


def test_a_scheduler_that_cannot_be_reached(stage: Stage):
    stage.argo.__exit__()
    result = stage.deploy("status", check=False, METAFLOW_KUBERNETES_CLIENT_RETRIES="0")
    assert result.returncode == 2
    assert "argo-workflows does not answer what is deployed" in result.stderr
    stage.argo.__enter__()


def test_step_functions_names_the_flows_that_wait_for_an_event(
    bake, buckets: Buckets, step_functions: dict
):
    project = bake(scheduler="step-functions", project_slug="birds")
    stage = Stage(project, buckets, None, buckets.settings | SERVICE | step_functions)
    flow = "flows/penguin_species_classifier/flow.py"
    replace(stage, flow, "from metaflow import ", "from metaflow import trigger, ")
    replace(stage, flow, "@production_schedule", '@trigger(event="x")\n@production_schedule')
    stage.commit()
    output = stage.refused("create")
    assert "these wait for one: PenguinSpeciesClassifier. Schedule them" in output


def test_flows_are_deployed_in_the_order_of_their_events(stage: Stage):
    """A chain against the alphabet, through an event and an end; a circle is broken up."""
    for name, waits, raises in (("a", "two", None), ("b", "one", "two"), ("c", None, "one")):
        write_chained(stage, f"chain_{name}", waits, raises)
    write_chained(stage, "circle_a", "round_b", "round_a")
    write_chained(stage, "circle_b", "round_a", "round_b")
    output = stage.deploy("create", "--branch", "x", "--dry-run").stdout
    order = [
        line for line in output.splitlines() if line.startswith(("Chain", "Circle", "Penguin"))
    ]
    assert sorted(order) == [
        "ChainA",
        "ChainB",
        "ChainC",
        "CircleA",
        "CircleB",
        "PenguinMeasurements",
        "PenguinSpeciesClassifier",
    ]
    assert order.index("ChainC") < order.index("ChainB") < order.index("ChainA")
    assert "waits for    palmer_penguins.test.x.two" in output
    assert "raises       palmer_penguins.test.x.one" in output


def write_chained(stage: Stage, name: str, waits: str | None, raises: str | None) -> None:
    flow = stage.project.file(f"flows/{name}/flow.py")
    flow.parent.mkdir()
    trigger = f'@namespaced_trigger(event="{waits}")' if waits else ""
    event = f'namespaced_trigger.raise_event("{raises}", safe_publish=True)' if raises else "pass"
    flow.write_text(
        f"""
from metaflow import FlowSpec, project, step
from palmer_penguins.events import namespaced_trigger


{trigger}
@project(name="palmer_penguins")
class {name.title().replace("_", "")}(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        {event}


if __name__ == "__main__":
    {name.title().replace("_", "")}()
"""
    )
