"""A getter returns the result of the right run, whatever else ran, in whatever namespace."""

import pytest

from .baking import BakedProject

FLOW = "penguin_measurements"


def count(project: BakedProject, arguments: str = "", before: str = "", **environment: str) -> int:
    """Return how many penguins the getter returns, in a fresh Python."""
    code = (
        f"{before}\n"
        "from palmer_penguins.getters import *\n"
        f"print(len(get_penguin_measurements({arguments})['penguins']))"
    )
    return int(project.python("-c", code, **environment).stdout)


def refusal(project: BakedProject, arguments: str = "") -> str:
    code = f"from palmer_penguins.getters import *\nget_penguin_measurements({arguments})"
    result = project.python("-c", code, check=False)
    assert result.returncode != 0
    return result.stderr[result.stderr.index("NoRunFound:") :]


def run_thinned(
    project: BakedProject, n: int, *options: str, test_mode: bool = False, **environment: str
) -> None:
    """Run the flow on every nth penguin, so that the run can be told from others."""
    flow = project.file(f"flows/{FLOW}/flow.py")
    original = flow.read_text()
    flow.write_text(original.replace("10 if self.test_mode else 1", str(n)))
    project.flow(FLOW, *options, "run", "--test-mode", str(test_mode), **environment)
    flow.write_text(original)


def test_without_any_run_the_error_says_so(project: BakedProject):
    said = refusal(project)
    assert "PenguinMeasurements has no successful run outside test mode on the branch prod" in said
    assert "Its latest runs: none" in said


def test_each_branch_has_its_own_latest_result(project: BakedProject):
    run_thinned(project, 344, "--production")
    run_thinned(project, 172, "--production")
    run_thinned(project, 86, "--production", "--branch", "challenger")
    run_thinned(project, 43, "--branch", "new")
    run_thinned(project, 40)
    run_thinned(project, 8, METAFLOW_USER="bob", USERNAME="bob")
    run_thinned(project, 2, test_mode=True)
    assert count(project) == 2
    assert count(project, "branch='prod.challenger'") == 4
    assert count(project, "branch='test.new'") == 8
    assert count(project, "branch='user.alice'") == 9
    assert count(project, "branch='user.bob'") == 43
    # Somebody else, in whatever namespace, sees the same.
    for ambient in ("None", "'user:carol'", "'project:another'"):
        before = f"import palmer_penguins, metaflow; metaflow.namespace({ambient})"
        assert count(project, "branch='user.alice'", before, METAFLOW_USER="carol") == 9
    assert count(project, "branch='user.alice', allow_test_mode=True") == 172

    said = refusal(project, "branch='user.carol'")
    assert "no successful run outside test mode on the branch user.carol" in said
    lines = said.splitlines()[1:]
    assert len(lines) == 7
    assert "on user.alice: successful, in test mode" in lines[0]
    assert "on prod: successful" in lines[-1]


def test_a_getter_leaves_the_namespace_as_it_was(project: BakedProject):
    code = (
        "import metaflow\n"
        "from palmer_penguins.runs import NoRunFound, latest_run\n"
        "for wanted in (None, 'user:carol'):\n"
        "    metaflow.namespace(wanted)\n"
        "    try:\n"
        "        latest_run('PenguinMeasurements')\n"
        "    except NoRunFound:\n"
        "        print(metaflow.get_namespace())\n"
    )
    assert project.python("-c", code).stdout.split() == ["None", "user:carol"]


def test_a_failed_run_is_passed_over_and_listed(project: BakedProject):
    run_thinned(project, 172)
    broken = project.file("src/SLUG/data/penguins.csv")
    whole = broken.read_text()
    broken.write_text(whole.replace("39.1", "long"))
    assert project.flow(FLOW, "run", "--test-mode", "False", check=False).returncode != 0
    assert count(project, "branch='user.alice'") == 2
    assert "on user.alice: failed or still running" in refusal(project)


@pytest.mark.parametrize(
    ("options", "other"),
    [
        (("--production",), ()),
        (("--branch", "new"), ("--production",)),
        ((), ("--production",)),
    ],
)
def test_a_flow_reads_the_result_of_its_own_branch(
    project: BakedProject, options: tuple, other: tuple
):
    run_thinned(project, 20, *options)
    run_thinned(project, 10, *other)
    project.flow("penguin_species_classifier", *options, "run", "--test-mode", "False")
    code = (
        "from metaflow import Flow\n"
        "print(len(Flow('PenguinSpeciesClassifier').latest_run.data.penguins))"
    )
    assert int(project.python("-c", code).stdout) == 18


def test_a_flow_does_not_read_a_test_run_when_it_is_none(project: BakedProject):
    project.flow(FLOW, "run")
    result = project.flow("penguin_species_classifier", "run", "--test-mode", "False", check=False)
    assert result.returncode != 0
    assert "no successful run outside test mode on the branch user.alice" in result.stdout
