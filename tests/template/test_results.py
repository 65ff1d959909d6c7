"""A getter returns the result of the right run, whatever else ran, in whatever namespace."""

import json
import re
import shutil
from pathlib import Path

import pytest

from .baking import BakedProject, isolated_environment
from .ran import PENGUINS, Ran, latest

# A flow that is quick to run, whose runs tell themselves apart by a number.
COUNTS = """
from metaflow import FlowSpec, Parameter, current, project, step

from palmer_penguins.test_mode import no_test_mode_in_production


@no_test_mode_in_production
@project(name="palmer_penguins")
class PenguinCounts(FlowSpec):
    test_mode = Parameter("test-mode", type=bool, default=False)
    count = Parameter("count", type=int)

    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        self.origin = current.origin_run_id
        assert self.count > 0


if __name__ == "__main__":
    PenguinCounts()
"""

# Who ran it, with which options, and how.
BY_HAND, DEPLOYED, CHALLENGER, NEW, ALICE, BOB, TEST, OTHER_PROJECT = range(1, 9)
HISTORY = {
    BY_HAND: ("alice", ("--production",), ()),
    DEPLOYED: ("argo", ("--production",), ()),
    CHALLENGER: ("alice", ("--production", "--branch", "challenger"), ()),
    NEW: ("alice", ("--branch", "new"), ("--tag", "reviewed")),
    ALICE: ("alice", (), ()),
    BOB: ("bob", (), ("--tag", "reviewed")),
    TEST: ("alice", (), ("--test-mode", "True")),
    OTHER_PROJECT: ("alice", ("--production",), ()),
}
FAILED = -1


@pytest.fixture(scope="module")
def history(baked: BakedProject, tmp_path_factory: pytest.TempPathFactory) -> BakedProject:
    """A project in which several users ran one flow on several branches, on one datastore."""
    folder = tmp_path_factory.mktemp("history")
    path = shutil.copytree(baked.path, folder / baked.path.name)
    project = BakedProject(path, isolated_environment(folder / "home"), baked.output)
    for name, slug in (("penguin_counts", "palmer_penguins"), ("others_counts", "another")):
        project.file(f"flows/{name}").mkdir()
        flow = COUNTS.replace('name="palmer_penguins"', f'name="{slug}"')
        project.file(f"flows/{name}/flow.py").write_text(flow)
    for count, (user, options, arguments) in HISTORY.items():
        environment = {"METAFLOW_USER": user, "USERNAME": user}
        if user == "argo":
            environment["METAFLOW_PRODUCTION_TOKEN"] = "old"  # as a deployed flow's steps have it
        flow = "others_counts" if count == OTHER_PROJECT else "penguin_counts"
        project.flow(flow, *options, "run", "--count", str(count), *arguments, **environment)
    project.flow("penguin_counts", "run", "--count", str(FAILED), check=False)
    return project


def counts(
    history: BakedProject, *arguments: str, before: str = "", **environment: str
) -> list[int]:
    """Return which run is found with each of these arguments, in a fresh Python."""
    found = "".join(
        f"print(latest_run('PenguinCounts', {each}).data.count)\n" for each in arguments
    )
    code = f"{before}\nfrom palmer_penguins.runs import latest_run\n{found}"
    return [int(line) for line in history.python("-c", code, **environment).stdout.split()]


def refusal(project: BakedProject, arguments: str = "", flow: str = "PenguinCounts") -> str:
    """Return the error's message."""
    code = f"from palmer_penguins.runs import latest_run\nlatest_run('{flow}', {arguments})"
    result = project.python("-c", code, check=False)
    assert result.returncode != 0
    return result.stderr[result.stderr.index("NoRunFound:") :]


def run_ids(history: BakedProject) -> dict[int, str]:
    code = (
        "import json, palmer_penguins\n"
        "from metaflow import Flow\n"
        "runs = list(Flow('PenguinCounts'))\n"
        "counts = {run['start'].task['count'].data: run.id for run in runs}\n"
        "print(json.dumps(counts))\n"
    )
    return {int(key): value for key, value in json.loads(history.python("-c", code).stdout).items()}


def test_the_latest_run_fits_all_that_is_asked(history: BakedProject):
    asked = {
        "": DEPLOYED,
        "branch='prod'": DEPLOYED,
        "branch='prod.challenger'": CHALLENGER,
        "branch='test.new'": NEW,
        "branch='user.alice'": ALICE,
        "branch='user.bob'": BOB,
        "branch='user.alice', allow_test_mode=True": TEST,
        "tag='reviewed'": BOB,
        "tag='reviewed', branch='test.new'": NEW,
        "namespace='production:old'": DEPLOYED,
        "namespace='user:alice'": ALICE,
        "namespace='user:alice', branch='prod'": BY_HAND,
        "namespace='user:alice', tag='reviewed'": NEW,
    }
    assert counts(history, *asked) == list(asked.values())


@pytest.mark.parametrize("ambient", ["None", "'user:carol'", "'project:another'"])
def test_somebody_else_in_another_namespace_finds_the_same(history: BakedProject, ambient: str):
    before = f"import palmer_penguins, metaflow; metaflow.namespace({ambient})"
    carol = {"METAFLOW_USER": "carol", "USERNAME": "carol"}
    found = counts(history, "", "branch='user.alice'", before=before, **carol)
    assert found == [DEPLOYED, ALICE]


def test_a_run_is_found_by_its_id_and_must_fit_the_rest(history: BakedProject):
    ids = run_ids(history)
    asked = (
        f"run_id='{ids[BY_HAND]}'",
        f"run_id={ids[BOB]}, branch='user.bob'",
        f"run_id='{ids[TEST]}', allow_test_mode=True",
    )
    assert counts(history, *asked) == [BY_HAND, BOB, TEST]
    for unfit in (
        f"run_id='{ids[TEST]}'",
        f"run_id='{ids[FAILED]}'",
        f"branch='user.alice', run_id='{ids[BOB]}'",
        "run_id='17'",
    ):
        assert unfit in refusal(history, unfit)


def test_a_new_namespace_of_production_is_not_tainted_by_old_results(history: BakedProject):
    output = refusal(history, "namespace='production:new'")
    assert "no successful run outside test mode with namespace='production:new'" in output


def test_the_error_says_which_runs_there_are(history: BakedProject):
    output = refusal(history, "branch='user.carol', tag='good'")
    first, *runs = output.splitlines()
    assert first == (
        "NoRunFound: PenguinCounts has no successful run outside test mode with "
        "branch='user.carol', tag='good'. Run it, or select another run "
        "(allow_test_mode=True includes test mode). Its latest runs:"
    )
    assert [re.sub(r"^  PenguinCounts/\d+ on ", "", run) for run in runs] == [
        "user.alice: failed or still running",
        "user.alice: successful, in test mode",
        "user.bob: successful, tagged reviewed",
        "user.alice: successful",
        "test.new: successful, tagged reviewed",
        "prod.challenger: successful",
        "prod: successful",
        "prod: successful",
    ]


def test_without_any_run_the_error_says_so(project: BakedProject):
    output = refusal(project, flow="PenguinMeasurements")
    assert (
        "PenguinMeasurements has no successful run outside test mode with branch='prod'" in output
    )
    assert output.rstrip().endswith("Its latest runs: none")


def test_what_is_no_argument_is_refused(baked: BakedProject):
    code = "from palmer_penguins.getters import *\nget_penguin_measurements(brnch='prod')"
    result = baked.python("-c", code, check=False)
    assert "unexpected keyword argument 'brnch'" in result.stderr


def test_a_tag_that_is_added_makes_no_run_the_latest(history: BakedProject):
    """Where metadata are kept on this machine, Metaflow 2.19.39 takes it for the latest."""
    code = (
        "from metaflow import Flow\n"
        "from palmer_penguins.runs import latest_run\n"
        f"by_hand = latest_run('PenguinCounts', run_id='{run_ids(history)[BY_HAND]}')\n"
        "by_hand.add_tag('late')\n"
        "print(Flow('PenguinCounts').latest_run.data.count)\n"
        "print(latest_run('PenguinCounts').data.count)\n"
        "by_hand.remove_tag('late')\n"
    )
    found = history.python("-c", code).stdout.split()
    assert found == [str(BY_HAND), str(DEPLOYED)]


def test_what_is_resumed_belongs_to_whoever_resumes_it(history: BakedProject, tmp_path: Path):
    """A deployment's run, by somebody who sets no namespace."""
    home = shutil.copytree(history.path.parent / "home", tmp_path / "home")
    project = BakedProject(history.path, isolated_environment(home), "")
    origin = run_ids(project)[DEPLOYED]
    bob = {"METAFLOW_USER": "bob", "USERNAME": "bob"}
    project.flow("penguin_counts", "resume", "end", "--origin-run-id", origin, **bob)
    code = (
        "from palmer_penguins.runs import latest_run\n"
        f"first = latest_run('PenguinCounts', run_id='{origin}')\n"
        "resumed = latest_run('PenguinCounts', branch='user.bob')\n"
        "print(first.data.origin, first.pathspec == latest_run('PenguinCounts').pathspec)\n"
        "print(resumed.data.origin, resumed.data.count)\n"
        "for run in (first, resumed):\n"
        "    print(*sorted(tag for tag in run.tags if tag.startswith(('user:', 'production:'))))\n"
    )
    assert project.python("-c", code, **bob).stdout.splitlines() == [
        "None True",
        f"{origin} {DEPLOYED}",
        "production:old",
        "user:bob",
    ]


def test_looking_leaves_the_namespace_as_it_was(history: BakedProject):
    code = (
        "import metaflow\n"
        "from palmer_penguins.runs import NoRunFound, latest_run\n"
        "for wanted in (None, 'user:carol'):\n"
        "    metaflow.namespace(wanted)\n"
        "    latest_run('PenguinCounts', namespace='production:old')\n"
        "    print(metaflow.get_namespace())\n"
        "    try:\n"
        "        latest_run('PenguinCounts', branch='prod.x')\n"
        "    except NoRunFound:\n"
        "        print(metaflow.get_namespace())\n"
    )
    assert history.python("-c", code).stdout.split() == ["None"] * 2 + ["user:carol"] * 2


@pytest.mark.parametrize("branch", PENGUINS)
def test_a_flow_reads_the_result_of_its_own_branch(whole: Ran, branch: str):
    """Whatever ran before on others, and in whatever namespace."""
    (count,) = latest(whole, "PenguinSpeciesClassifier", branch, "len(run.data.penguins)")
    assert count == PENGUINS[branch]


def test_a_flow_does_not_read_a_test_run_when_it_is_none(tested: Ran, tmp_path: Path):
    folder = shutil.copytree(tested.folder, tmp_path / "copy")
    path = folder / "projects" / tested.project.slug
    project = BakedProject(path, isolated_environment(folder / "home"), "")
    result = project.flow("penguin_species_classifier", "run", "--test-mode", "False", check=False)
    assert result.returncode != 0
    assert "no successful run outside test mode with branch='user.alice'" in result.stdout
