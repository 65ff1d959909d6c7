"""What `python -m deploy create` leaves on both schedulers, for every kind of branch."""

import re
import shutil

import pytest

from .baking import BakedProject, bake_into
from .deploying import FLOWS, SERVICE, Machine, Stage, run_first_step
from .stand_ins import Argo, Buckets

BRANCHES = {
    "user.alice": (),
    "test.new_data": ("--branch", "new_data"),
    "prod": ("--production",),
    "prod.challenger": ("--production", "--branch", "challenger"),
}
SCHEDULERS = ["argo-workflows", "step-functions"]
CONFIGURATION = """[tool.deploy.environment]
METAFLOW_KUBERNETES_CONTAINER_IMAGE = "registry.example/penguins:1"
METAFLOW_BATCH_CONTAINER_IMAGE = "registry.example/penguins:1"
METAFLOW_KUBERNETES_SECRETS = "zoo"
"""
IN_PRODUCTION = """[tool.deploy.production-environment]
METAFLOW_DEFAULT_DECOSPECS = "resources:memory=9000"
"""


class RememberedStage(Stage):
    """Looks at the machines once after each command, which alone changes them in this file.

    Step Functions, as moto has it, takes long to answer.
    """

    _seen: dict[str, Machine] | None = None

    def deploy(self, *arguments: str, **how):
        self._seen = None
        return super().deploy(*arguments, **how)

    def machines(self) -> dict[str, Machine]:
        if self._seen is None:
            self._seen = super().machines()
        return self._seen


@pytest.fixture(scope="module", params=SCHEDULERS)
def stage(request, buckets: Buckets, step_functions: dict, tmp_path_factory):
    """The default project of a scheduler, deployed on all its branches."""
    folder = tmp_path_factory.mktemp(request.param)
    project = bake_into(folder / "projects", scheduler=request.param)
    configuration = project.file("pyproject.toml")
    text = configuration.read_text()
    text = text.replace("[tool.deploy.environment]\n", CONFIGURATION)
    configuration.write_text(text.replace("[tool.deploy.production-environment]\n", IN_PRODUCTION))
    settings = buckets.settings | step_functions | SERVICE
    with Argo(folder / "kubeconfig") as argo:
        on_argo = argo if request.param == "argo-workflows" else None
        stage = RememberedStage(project, buckets, on_argo, settings | argo.settings)
        stage.commit()
        stage.output = {
            branch: stage.deploy("create", *options).stdout for branch, options in BRANCHES.items()
        }
        yield stage


def test_flows_have_the_names_of_project_branch_and_flow(stage: Stage):
    if stage.argo:
        # Metaflow drops underscores, and cuts what is longer than 45 characters.
        assert {
            "palmerpenguins.prod.penguinmeasurements",
            "palmerpenguins.prod.penguinspeciesclassifier",
            "palmerenguins.user.alice.penguinrements-jtrnd",
        } <= set(stage.machines())
        assert len(stage.machines()) == 8
    else:
        assert set(stage.machines()) == {
            f"palmer_penguins.{branch}.{flow}" for branch in BRANCHES for flow in FLOWS
        }


@pytest.mark.parametrize("branch", BRANCHES)
def test_flows_of_a_branch_share_a_namespace_and_others_have_others(stage: Stage, branch: str):
    assert set(stage.on_branch(branch)) == set(FLOWS)
    (token,) = stage.tokens(branch)
    assert re.fullmatch(r"mfprj-[a-z2-7]{16}-0-[a-z]{4}", token)
    others = [stage.tokens(other) for other in BRANCHES if other != branch]
    assert [token] not in others


@pytest.mark.parametrize("branch", BRANCHES)
def test_the_output_is_what_is_done_and_keeps_the_token_secret(stage: Stage, branch: str):
    output = stage.output[branch]
    assert "mfprj-" in output
    assert stage.tokens(branch)[0] not in output
    first, *blocks = output.split("\n\nPenguin")
    assert f"branch {branch}, commit " in first
    for machine, block in zip(stage.on_branch(branch).values(), blocks, strict=False):
        shown = dict(re.findall(r"^  ([a-z ]{12}) (.*)$", block, re.MULTILINE))
        shown = {name.strip(): value for name, value in shown.items()}
        assert f"Penguin{block}".startswith(machine.flow)
        assert shown["deployed as"] == machine.name
        assert shown["branch"] == branch
        assert shown["namespace"] == f"production:{machine.token[:-4]}****"
        assert shown["test mode"] == str(machine.test_mode)
        assert (shown["schedule"] == "none") == (machine.schedule is None)
        assert shown["token"] == "new: this is the first deployment"


@pytest.mark.parametrize("branch", BRANCHES)
def test_the_test_mode_is_off_in_production_alone(stage: Stage, branch: str):
    in_test_mode = {machine.test_mode for machine in stage.on_branch(branch).values()}
    assert in_test_mode == {not branch.startswith("prod")}


@pytest.mark.parametrize("branch", BRANCHES)
def test_the_clock_starts_flows_in_production_alone(stage: Stage, branch: str):
    schedules = {flow: machine.schedule for flow, machine in stage.on_branch(branch).items()}
    if not branch.startswith("prod"):
        assert set(schedules.values()) == {None}
    elif stage.argo:
        assert schedules == {FLOWS[0]: "0 5 * * ?", FLOWS[1]: None}
    else:
        assert schedules == {FLOWS[0]: "cron(0 5 * * ? *)", FLOWS[1]: "cron(0 6 * * ? *)"}


@pytest.mark.parametrize("branch", BRANCHES)
def test_a_sensor_waits_for_the_event_of_the_branch(stage: Stage, branch: str):
    waits_for = {flow: machine.waits_for for flow, machine in stage.on_branch(branch).items()}
    event = f"palmer_penguins.{branch}.penguins_measured"
    expected = [f"name == '{event}'"] if stage.argo else []
    assert waits_for == {FLOWS[0]: [], FLOWS[1]: expected}
    assert stage.output[branch].count(event) == (2 if stage.argo else 0)


def test_images_resources_and_secrets_come_from_the_configuration(stage: Stage):
    for branch in BRANCHES:
        for machine in stage.on_branch(branch).values():
            assert machine.image == "registry.example/penguins:1"
            assert machine.memory.startswith("9000") == branch.startswith("prod")
    if stage.argo:
        for template in stage.argo.kept("workflowtemplates"):
            start = next(each for each in template["spec"]["templates"] if each["name"] == "start")
            (secrets,) = start["container"]["envFrom"]
            assert secrets["secretRef"]["name"] == "zoo"


def test_runs_are_recorded_in_the_service_and_know_their_commit(stage: Stage):
    commit = stage.project.run("git", "rev-parse", "HEAD").stdout.strip()
    for machine in stage.machines().values():
        assert "--metadata=service" in machine.first_command
        assert "--datastore=s3" in machine.first_command
        assert f"--tag commit:{commit}" in machine.first_command


def test_the_package_travels_and_what_deploys_it_stays(stage: Stage):
    for machine in stage.on_branch("prod").values():
        names = stage.code(machine).getnames()
        code = {name for name in names if "metaflow" not in name}
        sent = {name.removeprefix(".mf_code/") for name in code}
        assert {"flow.py", "palmer_penguins/runs.py", "palmer_penguins/data/penguins.csv"} <= sent
        assert not [
            name for name in sent if re.search(r"deploy/|tests/|tools/|\.toml$|\.env", name)
        ]


def test_the_first_step_runs_from_the_deployed_package_alone(stage: Stage, tmp_path):
    machine = stage.on_branch("prod")["PenguinMeasurements"]
    # Nothing of the project is left but what was deployed.
    moved = shutil.move(stage.project.path, tmp_path / "moved")
    try:
        result = run_first_step(stage, machine, tmp_path / "pod")
    finally:
        shutil.move(moved, stage.project.path)
    assert result.returncode == 0, result.stdout + result.stderr
    rows = (
        "from metaflow import Flow, namespace\n"
        "namespace(None)\n"
        "print(len(Flow('PenguinMeasurements').latest_run['start'].task.data.rows))\n"
    )
    records = next(tmp_path.rglob(".metaflow/PenguinMeasurements")).parent.parent
    settings = stage.settings | {"METAFLOW_DATASTORE_SYSROOT_LOCAL": str(records)}
    settings["METAFLOW_DEFAULT_DATASTORE"] = "s3"
    elsewhere = BakedProject(tmp_path, stage.project.environment, "")
    assert elsewhere.python("-c", rows, **settings).stdout.strip() == "344"


def test_status_shows_what_is_where_from_which_commit_by_whom(stage: Stage):
    commit = stage.project.run("git", "rev-parse", "HEAD").stdout.strip()
    output = stage.deploy("status", user="bob").stdout
    assert re.findall("^[a-z].*$", output, re.MULTILINE) == sorted(BRANCHES)
    assert output.count(f"commit {commit}, by alice, 20") == 8
    assert all(name in output for name in stage.machines())
    assert not [token for branch in BRANCHES for token in stage.tokens(branch) if token in output]
    only = stage.deploy("status", "--production").stdout
    assert re.findall("^[a-z].*$", only, re.MULTILINE) == ["prod"]


def test_somebody_else_without_the_token_is_refused(stage: Stage):
    output = stage.refused("create", "--production", user="bob")
    assert "PenguinMeasurements was deployed on the branch prod by alice" in output
    assert "Ask alice for the token" in output
    assert stage.tokens("prod")[0] not in output
    output = stage.refused("delete", "--production", "--yes", user="bob")
    assert "Ask alice for the token" in output
    # Their own branch is theirs.
    output = stage.deploy("create", "--dry-run", user="bob").stdout
    assert "branch user.bob" in output


def test_a_branch_moves_on_to_a_new_token_and_is_deleted(stage: Stage):
    """The last of all, since the branch is gone afterwards."""
    (before,) = stage.tokens("test.new_data")
    others = set(stage.machines()) - {
        each.name for each in stage.on_branch("test.new_data").values()
    }
    stage.deploy("create", "--branch", "new_data", "--generate-new-token")
    (after,) = stage.tokens("test.new_data")
    assert (before.split("-")[2], after.split("-")[2]) == ("0", "1")
    stage.deploy("delete", "--branch", "new_data")
    assert set(stage.machines()) == others
