"""The test mode makes a run small, and no step runs in it in production, however it is started."""

import base64
import json
import re
from pathlib import Path

from .baking import BakedProject
from .ran import Ran, latest
from .stand_ins import Argo, Buckets

FLOW = "penguin_measurements"
REFUSAL = "PenguinMeasurements was started in test mode and in production: remove --production"

# A flow whose steps, and a decorator of its own, leave a trace as soon as they run.
TRACES = """
from pathlib import Path

from metaflow import FlowSpec, Parameter, current, project, step, user_step_decorator

from palmer_penguins.test_mode import no_test_mode_in_production


@user_step_decorator
def trace(step_name, flow, inputs):
    Path("traces").joinpath(f"{step_name} decorator").touch()
    yield


@no_test_mode_in_production
@project(name="palmer_penguins")
class PenguinTraces(FlowSpec):
    test_mode = Parameter("test-mode", type=bool, default=lambda _: not current.is_production)

    @trace
    @step
    def start(self):
        Path("traces").joinpath("start").touch()
        self.items = [1, 2]
        self.next(self.each, foreach="items")

    @trace
    @step
    def each(self):
        Path("traces").joinpath("each").touch()
        self.next(self.join)

    @trace
    @step
    def join(self, inputs):
        Path("traces").joinpath("join").touch()
        assert not Path("fail").exists()
        self.next(self.end)

    @trace
    @step
    def end(self):
        Path("traces").joinpath("end").touch()


if __name__ == "__main__":
    PenguinTraces()
"""


def with_traces(project: BakedProject) -> BakedProject:
    flow = project.file("flows/penguin_traces/flow.py")
    flow.parent.mkdir()
    flow.write_text(TRACES)
    project.file("traces").mkdir()
    return project


def traces(project: BakedProject) -> set[str]:
    return {path.name for path in project.file("traces").iterdir()}


ROWS, CANDIDATES = "len(run['start'].task.data.rows)", "len(run['start'].task.data.candidates)"


def test_both_flows_run_small_by_default(tested: Ran):
    assert latest(tested, "PenguinMeasurements", "user.alice", ROWS) == [35]
    assert latest(tested, "PenguinSpeciesClassifier", "user.alice", CANDIDATES) == [2]


def test_both_flows_run_whole_when_asked(project: BakedProject, whole: Ran):
    project.flow(FLOW, "run", "--test-mode", "False")
    assert latest(Ran(project, {}, []), "PenguinMeasurements", "user.alice", ROWS) == [344]
    assert latest(whole, "PenguinSpeciesClassifier", "user.alice", CANDIDATES) == [11]


def test_production_runs_whole_by_default(whole: Ran):
    assert "342 of 344 penguins were measured completely" in whole.output["prod"]
    assert latest(whole, "PenguinSpeciesClassifier", "prod", CANDIDATES) == [11]


def test_production_on_this_machine_alone_is_warned_of(project: BakedProject):
    with_traces(project)
    warning = "WARNING: PenguinTraces runs with --production, but on the local datastore"
    assert warning not in project.flow("penguin_traces", "run").stdout
    assert project.flow("penguin_traces", "--production", "run").stdout.count(warning) == 1
    project.file("fail").touch()
    project.flow("penguin_traces", "--production", "run", check=False)
    project.file("fail").unlink()
    assert warning in project.flow("penguin_traces", "--production", "resume").stdout


def test_a_production_run_in_test_mode_is_refused_before_any_step(project: BakedProject):
    with_traces(project)
    result = project.flow(
        "penguin_traces", "--production", "run", "--test-mode", "True", check=False
    )
    assert result.returncode != 0
    assert (
        "PenguinTraces was started in test mode and in production" in result.stdout + result.stderr
    )
    assert traces(project) == set()


def test_a_champion_in_production_is_production_too(project: BakedProject):
    result = project.flow(
        FLOW, "--production", "--branch", "challenger", "run", "--test-mode", "True", check=False
    )
    assert result.returncode != 0
    assert REFUSAL in result.stdout + result.stderr


def test_a_run_that_says_no_test_mode_passes_every_guard(project: BakedProject):
    with_traces(project).flow("penguin_traces", "--production", "run")
    steps = {"start", "each", "join", "end"}
    assert traces(project) == steps | {f"{name} decorator" for name in steps}


def test_resuming_a_test_run_in_production_is_refused_before_any_step(project: BakedProject):
    """It takes over `start` and `each`, so a check in `start` alone would be skipped."""
    with_traces(project)
    project.file("fail").touch()
    project.flow("penguin_traces", "run", check=False)
    assert traces(project) >= {"start", "each", "join"}
    assert "end" not in traces(project)
    project.file("fail").unlink()
    for trace in project.file("traces").iterdir():
        trace.unlink()
    result = project.flow("penguin_traces", "--production", "resume", check=False)
    assert result.returncode != 0
    assert (
        "PenguinTraces was started in test mode and in production" in result.stdout + result.stderr
    )
    assert traces(project) == set()
    # Outside production the same run resumes.
    project.flow("penguin_traces", "resume")
    assert traces(project) == {"join", "join decorator", "end", "end decorator"}


def test_metaflows_runner_is_refused_too(project: BakedProject):
    code = (
        "from metaflow import Runner\n"
        f"runner = Runner('flows/{FLOW}/flow.py', show_output=False, production=True)\n"
        "with runner.run(test_mode=True) as result:\n"
        "    print(result.status, result.stdout, result.stderr)\n"
    )
    output = project.python("-c", code).stdout
    assert output.startswith("failed")
    assert REFUSAL in output


def test_a_deployment_that_is_triggered_in_test_mode_is_refused(
    project: BakedProject, buckets: Buckets, argo: Argo, tmp_path: Path
):
    """Deploys and triggers for real, then runs the workflow's first container."""
    settings = buckets.settings | argo.settings
    production = (FLOW, "--datastore=s3", "--production", "argo-workflows")
    project.flow(*production, "create", **settings)
    project.flow(*production, "trigger", "--test-mode", "True", **settings)
    (deployed,), (triggered,) = argo.kept("workflowtemplates"), argo.kept("workflows")
    asked = {each["name"]: each["value"] for each in triggered["spec"]["arguments"]["parameters"]}
    assert json.loads(asked["test-mode"]) is True
    result = run_container(deployed, "start", asked, project, settings, tmp_path / "pod")
    assert result.returncode != 0
    assert REFUSAL in result.stdout + result.stderr
    # The same container passes when it is asked for the whole run.
    asked["test-mode"] = "false"
    result = run_container(deployed, "start", asked, project, settings, tmp_path / "pod2")
    output = result.stdout + result.stderr
    assert REFUSAL not in output
    assert "on the local datastore" not in output
    # It ran to its end, where it hands its task's name on to Argo in a folder that Argo mounts.
    assert result.returncode == 0 or "/mnt/out" in output, output


def run_container(
    template: dict, step: str, parameters: dict, project: BakedProject, settings: dict, folder: Path
):
    """Run a step's container as Argo would, in an empty folder, on the deployed package."""
    folder.mkdir()
    (found,) = [each for each in template["spec"]["templates"] if each["name"] == step]
    *shell, script = found["container"]["command"]
    defaults = {each["name"]: each["value"] for each in template["spec"]["arguments"]["parameters"]}
    for parameter, value in (defaults | parameters).items():
        encoded = base64.b64encode(value.encode()).decode()
        script = script.replace(f"{{{{=toBase64(workflow.parameters['{parameter}'])}}}}", encoded)
    script = script.replace("/tmp/mf-input-paths", str(folder / "input-paths"))
    # The workflow's name makes the run's; what has no value here, Kubernetes would fill in.
    name = folder.name
    given = {each["name"]: each.get("value") for each in found["container"]["env"]}
    environment = {key: fill_in(value or "", name) for key, value in given.items()}
    environment |= settings | {"METAFLOW_SKIP_INSTALL_DEPENDENCIES": "1", "PYTHONPATH": ""}
    # The package must come from what was deployed, not from the project's folder.
    elsewhere = BakedProject(folder, project.environment, "")
    return elsewhere.run(*shell, fill_in(script, name), check=False, **environment)


def fill_in(text: str, name: str) -> str:
    return re.sub(r"\{\{workflow\.[^}]*\}\}", name, text)


def test_a_flow_without_a_test_mode_is_asked_to_have_one(project: BakedProject):
    with_traces(project)
    flow = project.file("flows/penguin_traces/flow.py")
    flow.write_text(re.sub(r"    test_mode = .*\n", "", flow.read_text()))
    result = project.flow("penguin_traces", "check", check=False)
    assert result.returncode != 0
    assert "the flow has no test mode: add test_mode = Parameter" in result.stderr
