"""Projects in which flows have run, once for all tests, which only look at what came of it."""

import fcntl
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .baking import BakedProject, bake_once, isolated_environment
from .stand_ins import Webhook

MEASUREMENTS = "penguin_measurements"
CLASSIFIER = "penguin_species_classifier"

# How a run is started on each kind of branch, and of how many rows it takes one, so that the
# results of branches differ.
BRANCHES = {
    "prod": (("--production",), 1),
    "prod.challenger": (("--production", "--branch", "challenger"), 5),
    "test.new": (("--branch", "new"), 20),
    "user.alice": ((), 10),
}
PENGUINS = {"prod": 342, "test.new": 18, "user.alice": 35}
# The namespace of a deployment, and of somebody else, must make no difference.
CLASSIFIED = {
    "prod": ("--namespace", "production:token"),
    "test.new": (),
    "user.alice": ("--test-mode", "False", "--namespace", "user:carol"),
}


@dataclass(frozen=True)
class Ran:
    """A project in which flows have run; nothing in it may be changed.

    `output` is what the runs printed, by branch and flow; `events` are the names of those that were
    published; `tables` is the folder that `TABLES_ROOT` named, `scratch` that for temporary files.
    """

    project: BakedProject
    output: dict[str, str]
    events: list[str]

    @property
    def folder(self) -> Path:
        return self.project.path.parents[1]

    @property
    def tables(self) -> Path:
        return self.folder / "tables"

    @property
    def scratch(self) -> Path:
        return self.folder / "scratch"


def ran_once(folder: Path, baked: Path, run: Callable[[BakedProject, dict], dict]) -> Ran:
    """Run flows of the default project, unless another process has; wait while it does.

    Args:
        folder: Where the project is, for all processes.
        baked: The folder of projects that are baked once.
        run: Runs the flows, with the environment that it is given; returns what they printed.
    """
    folder.mkdir(exist_ok=True)
    kept = folder / "kept.json"
    with folder.joinpath("lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            project = bake_once(folder / "projects", baked)
            folder.joinpath("scratch").mkdir()
            places = {"TABLES_ROOT": str(folder / "tables"), "TMPDIR": str(folder / "scratch")}
            with Webhook() as webhook:
                listening = {"METAFLOW_ARGO_EVENTS_WEBHOOK_URL": webhook.address}
                output = run(project, places | listening)
                events = [event["name"] for event in webhook.events]
            kept.write_text(json.dumps({"output": output, "events": events}), encoding="utf-8")
    path = folder / "projects" / "palmer_penguins"
    environment = isolated_environment(folder / "home")
    return Ran(BakedProject(path, environment, ""), **json.loads(kept.read_text(encoding="utf-8")))


def run_in_test_mode(project: BakedProject, environment: dict[str, str]) -> dict[str, str]:
    """Run both flows as somebody does who tries them."""
    return {
        flow: project.flow(flow, "run", **environment).stdout for flow in (MEASUREMENTS, CLASSIFIER)
    }


def run_on_all_branches(project: BakedProject, environment: dict[str, str]) -> dict[str, str]:
    """Run the flows on whole data, as if they were deployed: events are published."""
    deployed = environment | {"ARGO_WORKFLOW_TEMPLATE": "deployed"}
    file = project.file(f"flows/{MEASUREMENTS}/flow.py")
    original = file.read_text()
    output = {}
    for branch, (options, n) in BRANCHES.items():
        file.write_text(original.replace("10 if self.test_mode else 1", str(n)))
        whole = () if branch.startswith("prod") else ("--test-mode", "False")
        output[branch] = project.flow(MEASUREMENTS, *options, "run", *whole, **deployed).stdout
    file.write_text(original)
    for branch, more in CLASSIFIED.items():
        project.flow(CLASSIFIER, *BRANCHES[branch][0], "run", *more, **environment)
    return output


def latest(ran: Ran, flow: str, branch: str, *expressions: str) -> list:
    """Return what expressions on `run`, the latest run of a flow on a branch, come to."""
    code = (
        "import json\n"
        "from metaflow import Flow, namespace\n"
        "namespace(None)\n"
        f"run = next(run for run in Flow({flow!r}) if 'project_branch:{branch}' in run.tags)\n"
        f"print(json.dumps([{', '.join(expressions)}]))\n"
    )
    return json.loads(ran.project.python("-c", code).stdout.splitlines()[-1])
