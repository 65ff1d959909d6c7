"""Finding the run whose results to use."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypedDict

import metaflow
from metaflow import Flow, Run, current
from metaflow.exception import MetaflowException, MetaflowNamespaceMismatch, MetaflowNotFound

PROJECT = "project:<< cookiecutter.project_slug >>"
BRANCH_TAG = "project_branch:"


class NoRunFound(MetaflowException):
    """No run has the results that were asked for. In a flow, Metaflow prints the message without a traceback."""

    headline = "No run found"


class Which(TypedDict, total=False):
    """Which run's results to take, as `latest_run` and every getter are told."""

    branch: str
    run_id: str
    tag: str
    namespace: str
    allow_test_mode: bool


def latest_run(
    flow_name: str,
    *,
    branch: str | None = None,
    run_id: str | None = None,
    tag: str | None = None,
    namespace: str | None = None,
    allow_test_mode: bool = False,
) -> Run:
    """Find the latest successful run of one of this project's flows, whoever started it.

    A run has to fit all of the first four that are given. If none is, it has to be on the branch of the flow that is
    running, and outside of flows on `"prod"`. Which namespace happens to be set makes no difference.

    Args:
        flow_name: The name of the flow's class.
        branch: The branch it ran on: `"prod"`, `"prod.NAME"`, `"test.NAME"` or `"user.NAME"`.
        run_id: The run itself, such as `"1795317914690381"`.
        tag: A tag of the run, such as `"reviewed"`.
        namespace: The namespace to look in, such as `"production:TOKEN"` for the runs of one deployment alone.
        allow_test_mode: Whether a run in test mode will do too.

    Raises:
        NoRunFound: If there is none; the message lists the runs there are.

    Source: `@project` tags each run with its project and branch.
    """
    if branch is run_id is tag is namespace is None:
        branch = _own_branch()
    for run in _runs(flow_name, namespace or PROJECT):
        fits = [
            branch is None or _branch(run) == branch,
            run_id is None or run.pathspec == f"{flow_name}/{run_id}",
            tag is None or tag in run.tags,
        ]
        if all(fits) and run.successful and (allow_test_mode or not _in_test_mode(run)):
            return run
    asked = {"branch": branch, "run_id": run_id, "tag": tag, "namespace": namespace}
    asked_for = ", ".join(f"{name}={value!r}" for name, value in asked.items() if value is not None)
    there_are = "".join(f"\n  {_description(run)}" for run in _runs(flow_name, PROJECT)[:10]) or " none"
    raise NoRunFound(
        f"{flow_name} has no successful run {'' if allow_test_mode else 'outside test mode '}with {asked_for}. "
        f"Run it, or ask for another one{'' if allow_test_mode else ', in test mode too with allow_test_mode=True'}. "
        f"Its latest runs:{there_are}"
    )


def _own_branch() -> str:
    return (current.is_running_flow and current.get("branch_name")) or "prod"


def _runs(flow_name: str, namespace: str) -> list[Run]:
    """List the flow's runs in this project and in a namespace, the latest first."""
    with _looking_at(namespace):
        try:
            runs = [run for run in Flow(flow_name).runs() if PROJECT in run.tags]
        except MetaflowNotFound:
            return []  # It has never run.
        except MetaflowNamespaceMismatch:
            return []  # It has never run there.
    # Where metadata are kept on this machine, a tag that is added later makes a run Metaflow's latest. Numbers say in
    # which order runs began; deployments have names for theirs.
    numbers = {run: run.pathspec.partition("/")[2] for run in runs}
    if all(number.isdecimal() for number in numbers.values()):
        runs.sort(key=lambda run: int(numbers[run]), reverse=True)
    return runs


@contextmanager
def _looking_at(namespace: str) -> Iterator[None]:
    """Look at a namespace, whatever namespace the run or the notebook is in, and leave that as it was."""
    before = metaflow.get_namespace()
    metaflow.namespace(namespace)
    try:
        yield
    finally:
        metaflow.namespace(before)


def _branch(run: Run) -> str:
    return next((tag.removeprefix(BRANCH_TAG) for tag in run.tags if tag.startswith(BRANCH_TAG)), "no branch")


def _in_test_mode(run: Run) -> bool:
    return getattr(run.data, "test_mode", False)


def _description(run: Run) -> str:
    state = "failed or still running"
    if run.successful:
        state = "successful, in test mode" if _in_test_mode(run) else "successful"
    tags = "".join(f", tagged {tag}" for tag in sorted(run.user_tags))
    return f"{run.pathspec} on {_branch(run)}: {state}{tags}"
