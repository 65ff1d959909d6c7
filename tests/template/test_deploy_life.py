"""Deployments over time: tokens and two users, failures, the way back, and what is refused."""

import re
import shlex

import pytest

from .baking import BakedProject, bake_into, git, run
from .deploying import FLOWS, SERVICE, Stage
from .stand_ins import Argo, Buckets


@pytest.fixture
def stage(bake, buckets: Buckets, argo: Argo) -> Stage:
    """The default project, committed, and nothing deployed of it."""
    stage = Stage(bake(), buckets, argo, buckets.settings | SERVICE | argo.settings)
    stage.commit()
    return stage


def numbers(stage: Stage, branch: str) -> dict[str, str]:
    """Return the number of each flow's token."""
    return {flow: each.token.split("-")[2] for flow, each in stage.on_branch(branch).items()}


def test_a_token_is_shared_and_taken_over_and_all_flows_move_together(stage: Stage):
    stage.deploy("create", "--production")
    (first,) = stage.tokens("prod")
    assert "Ask alice for the token" in stage.refused("create", "--production", user="bob")
    wrong = {"user": "bob", "DEPLOY_TOKEN": f"{first}x"}
    output = stage.refused("create", "--production", "--authorize", **wrong)
    assert "DEPLOY_TOKEN contains another token" in output
    assert first not in output

    shared = stage.deploy("token", "--production").stdout.strip()
    assert shared == first
    # A token that nobody asks to use is not used.
    stage.refused("create", "--production", user="bob", DEPLOY_TOKEN=shared)
    whole = ("create", "--production", "--generate-new-token")
    given = {"user": "bob", "DEPLOY_TOKEN": f"production:{shared}"}
    result = stage.deploy(*whole, "--authorize", anew=True, **given)
    assert shared not in result.stdout + result.stderr
    # Nor can other users of the machine read it while it is used.
    assert "-m deploy create" in stage.argo.processes
    assert shared not in stage.argo.processes
    assert result.stdout.count(f"new, instead of {shared[:-4]}****") == 2
    assert numbers(stage, "prod") == {FLOWS[0]: "1", FLOWS[1]: "1"}
    assert {each.owner for each in stage.on_branch("prod").values()} == {"bob"}
    # Bob has it now, and alice has only the old one.
    assert stage.deploy("create", "--production", "--dry-run", user="bob").stdout.count("kept") == 2
    assert "Ask bob for the token" in stage.refused("create", "--production")

    # A variant of production has a token of its own.
    stage.deploy("create", "--production", "--branch", "challenger")
    assert numbers(stage, "prod.challenger") == {FLOWS[0]: "0", FLOWS[1]: "0"}
    assert numbers(stage, "prod") == {FLOWS[0]: "1", FLOWS[1]: "1"}
    assert stage.tokens("prod")[0].split("-")[1] != stage.tokens("prod.challenger")[0].split("-")[1]


def test_mixed_tokens_are_found_and_new_flows_get_that_of_the_branch(stage: Stage):
    stage.deploy("create", "--branch", "x")
    alone = ("--datastore=s3", "--metadata=service", "--branch", "x", "argo-workflows", "create")
    for _ in range(2):
        stage.project.flow("penguin_measurements", *alone, "--generate-new-token", **stage.settings)
    assert numbers(stage, "test.x") == {FLOWS[0]: "2", FLOWS[1]: "0"}
    assert "different tokens" in stage.deploy("status").stdout
    output = stage.refused("create", "--branch", "x")
    assert "PenguinSpeciesClassifier has number 0, PenguinMeasurements number 2" in output
    assert "2 tokens" in stage.refused("token", "--branch", "x")

    stage.deploy("create", "--branch", "x", "--generate-new-token")
    assert numbers(stage, "test.x") == {FLOWS[0]: "2", FLOWS[1]: "2"}
    stage.project.python("tools/new_flow.py", "penguin_weights")
    output = stage.deploy("create", "--branch", "x").stdout
    assert "the token of the branch" in output
    assert "-dirty, by alice" in output
    assert numbers(stage, "test.x") == dict.fromkeys([*FLOWS, "PenguinWeights"], "2")


def test_a_failure_in_the_middle_is_reported_and_the_same_command_completes_it(stage: Stage):
    stage.deploy("create", "--production")
    stage.argo.refuses = "penguinspeciesclassifier"
    whole = ("create", "--production", "--generate-new-token")
    result = stage.deploy(*whole, check=False)
    assert result.returncode == 1
    assert "this cluster is full" in result.stderr
    assert "\ndeployed: PenguinMeasurements\n" in result.stderr
    assert "\nnot deployed: PenguinSpeciesClassifier\n" in result.stderr
    assert numbers(stage, "prod") == {FLOWS[0]: "1", FLOWS[1]: "0"}
    assert not [token for token in stage.tokens("prod") if token in result.stdout + result.stderr]
    stage.argo.refuses = "nothing is refused"
    assert "different tokens" in stage.refused("create", "--production")
    stage.deploy(*whole)
    assert numbers(stage, "prod") == {FLOWS[0]: "1", FLOWS[1]: "1"}


@pytest.mark.parametrize(
    "scheduler", ["argo-workflows", pytest.param("step-functions", marks=pytest.mark.full_template)]
)
def test_the_readmes_commands_from_git_init_to_production_and_back(
    scheduler: str, buckets: Buckets, step_functions: dict, argo: Argo, tmp_path
):
    project = bake_into(tmp_path / "projects", scheduler=scheduler, project_slug="birds")
    settings = buckets.settings | step_functions | argo.settings | SERVICE
    stage = Stage(project, buckets, argo if scheduler == "argo-workflows" else None, settings)
    environment_with_what_is_installed_here(project)
    start, deploy = (
        re.search(rf"## {title}\n.*?```sh\n(.*?)```", project.read("README.md"), re.DOTALL)[1]
        for title in ("Start", "Deploy")
    )
    for line in start.splitlines():
        if line.startswith("git"):
            shell(project, line)
    module = project.file("src/SLUG/penguins.py")
    module.write_text(f"{module.read_text()}\n# A change.\n")
    shell(project, "git commit --quiet --all --no-verify --message Change")
    first, second = git("log", "--reverse", "--format=%H", cwd=project.path).split()

    def there() -> dict[str, set[str]]:
        machines = [
            each for each in stage.machines().values() if "birds" in each.code_url + each.name
        ]
        return {each.name: each for each in machines}

    def branches() -> list[str]:
        return sorted(re.findall("^[a-z].*$", stage.deploy("status").stdout, re.MULTILINE))

    output = {}
    lines = deploy.splitlines()
    assert lines.pop(0).startswith("make remote ")
    assert lines.pop(0) == "source .venv/bin/activate"
    shell(project, "make remote")
    for line in lines:
        command = line.partition("#")[0].strip()
        output[command] = shell(
            project, f". .venv/bin/activate && . ./.envrc && {line}", **settings
        )
        match shlex.split(command)[3:]:
            case ["create", "--dry-run"]:
                assert there() == {}
            case ["create", "--production", "--branch", "challenger"]:
                assert branches() == ["prod", "prod.challenger", "user.alice"]
                production = stage.on_branch("prod")
            case ["rollback", "HEAD~1", "--production"]:
                back = stage.on_branch("prod")
                challenger = stage.on_branch("prod.challenger")
            case ["create", "--production", "--generate-new-token"]:
                reset = stage.on_branch("prod")
    assert "Nothing is deployed" not in stage.deploy("status").stdout
    assert branches() == ["prod"]

    assert {shown(each) for each in production.values()} == {(second, "0", True)}
    assert {shown(each) for each in back.values()} == {(first, "0", True)}
    assert {shown(each) for each in challenger.values()} == {(second, "0", True)}
    assert {shown(each) for each in reset.values()} == {(second, "1", True)}
    for machines, changed in ((production, True), (back, False), (reset, True)):
        code = stage.code(machines["PenguinMeasurements"])
        text = code.extractfile(".mf_code/birds/penguins.py").read().decode()
        assert ("# A change." in text) == changed
    assert (
        "triggered"
        in output[f"python flows/penguin_measurements/flow.py --production {scheduler} trigger"]
    )
    # The work tree was left alone.
    assert git("status", "--porcelain", cwd=project.path) == ""
    assert git("rev-parse", "HEAD", cwd=project.path) == second
    assert len(git("worktree", "list", cwd=project.path).splitlines()) == 1


def shown(machine) -> tuple[str, str, bool]:
    """Return the commit, the number of the token, and whether it is a flow of this project."""
    commit = re.search(r"--tag commit:(\w+)", machine.first_command)[1]
    return commit, machine.token.split("-")[2], "birds" in machine.name


def environment_with_what_is_installed_here(project: BakedProject) -> None:
    """Make `.venv`, in which pip finds all that this repository's environment has."""
    import sys
    import sysconfig

    environment = project.environment
    command = (sys.executable, "-m", "venv", "--without-pip", project.path / ".venv")
    run(*command, cwd=project.path, env=environment)
    (packages,) = project.path.glob(".venv/lib/python*/site-packages")
    packages.joinpath("here.pth").write_text(sysconfig.get_path("purelib"))
    project.file(".venv/.done").touch()


def shell(project: BakedProject, line: str, **environment: str) -> str:
    result = project.run("bash", "-c", line, **environment)
    return result.stdout + result.stderr


def test_flows_that_are_gone_are_named_pruned_and_deleted(stage: Stage):
    stage.project.python("tools/new_flow.py", "penguin_weights")
    stage.commit()
    stage.deploy("create", "--branch", "x")
    assert len(stage.on_branch("test.x")) == 3
    output = stage.deploy("rollback", "HEAD~1", "--branch", "x", "--dry-run").stdout
    assert re.search(
        "PenguinWeights is deployed on this branch, from commit .*, but is not in", output
    )
    assert len(stage.on_branch("test.x")) == 3
    stage.deploy("rollback", "HEAD~1", "--branch", "x", "--prune")
    assert set(stage.on_branch("test.x")) == set(FLOWS)
    assert "add --yes" in refused_delete_of_production(stage)
    assert "Ask alice" in stage.refused("delete", "--branch", "x", user="bob")
    stage.deploy("delete", "--branch", "x", "--dry-run")
    assert len(stage.on_branch("test.x")) == 2
    stage.deploy("delete", "--branch", "x")
    assert stage.machines() == {}
    assert stage.argo.kept("sensors") == []
    assert "test.x is empty" in stage.deploy("delete", "--branch", "x").stdout


def refused_delete_of_production(stage: Stage) -> str:
    """Pretend that the branch is production's, whose deletion asks for more."""
    for template in stage.argo.kept("workflowtemplates"):
        template["metadata"]["annotations"]["metaflow/branch_name"] = "prod"
    output = stage.refused("delete", "--production")
    for template in stage.argo.kept("workflowtemplates"):
        template["metadata"]["annotations"]["metaflow/branch_name"] = "test.x"
    return output
