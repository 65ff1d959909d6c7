"""Finding the run whose results to use."""

from collections.abc import Iterator
from contextlib import contextmanager

from metaflow import Flow, Run, current, get_namespace, namespace
from metaflow.exception import MetaflowException, MetaflowNamespaceMismatch, MetaflowNotFound

BRANCH_TAG = "project_branch:"


class NoRunFound(MetaflowException):
    """No run has the results that were asked for. In a flow, Metaflow prints the message without a traceback."""

    headline = "No run found"


def latest_run(flow_name: str, branch: str | None = None, allow_test_mode: bool = False) -> Run:
    """Find the latest successful run of one of this project's flows, whoever started it.

    Args:
        flow_name: The name of the flow's class.
        branch: The branch it ran on: `"prod"`, `"prod.NAME"`, `"test.NAME"` or `"user.NAME"`. By default the branch of
            the flow that is running, and `"prod"` outside of flows.
        allow_test_mode: Whether a run in test mode will do too.

    Raises:
        NoRunFound: If there is none; the message lists the runs there are.

    Source: `@project` tags each run with its project and branch.
    """
    branch = branch or _own_branch()
    with _project_namespace():
        runs = list(_runs(flow_name))
        for run in runs:
            if _branch(run) == branch and run.successful and (allow_test_mode or not _in_test_mode(run)):
                return run
        there_are = "".join(f"\n  {_description(run)}" for run in runs[:10]) or " none"
    wanted = "run" if allow_test_mode else "run outside test mode"
    tests_too = "" if allow_test_mode else " or for test runs too (allow_test_mode=True)"
    way_out = f"Run it there, or ask for another branch (branch=…){tests_too}."
    fault = f"{flow_name} has no successful {wanted} on the branch {branch}."
    raise NoRunFound(f"{fault} {way_out} Its latest runs:{there_are}")


def _own_branch() -> str:
    return (current.is_running_flow and current.get("branch_name")) or "prod"


@contextmanager
def _project_namespace() -> Iterator[None]:
    """Look at the whole project, whatever namespace the run or the notebook is in, and leave that as it was."""
    before = get_namespace()
    namespace("project:<< cookiecutter.project_slug >>")
    try:
        yield
    finally:
        namespace(before)


def _runs(flow_name: str) -> Iterator[Run]:
    """Go through the flow's runs in this project, the latest first."""
    try:
        flow = Flow(flow_name)
    except MetaflowNotFound:
        return  # It has never run.
    except MetaflowNamespaceMismatch:
        return  # It has never run in this project.
    yield from flow


def _branch(run: Run) -> str:
    return next((tag.removeprefix(BRANCH_TAG) for tag in run.tags if tag.startswith(BRANCH_TAG)), "no branch")


def _in_test_mode(run: Run) -> bool:
    return getattr(run.data, "test_mode", False)


def _description(run: Run) -> str:
    if not run.successful:
        return f"{run.pathspec} on {_branch(run)}: failed or still running"
    return f"{run.pathspec} on {_branch(run)}: successful{', in test mode' if _in_test_mode(run) else ''}"
