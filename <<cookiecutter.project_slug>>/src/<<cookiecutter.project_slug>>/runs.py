"""Finds the run whose results to read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypedDict

import metaflow
from metaflow import Flow, Run, current
from metaflow.exception import MetaflowException, MetaflowNamespaceMismatch, MetaflowNotFound

PROJECT = "project:<< cookiecutter.project_slug >>"
BRANCH_TAG = "project_branch:"


class NoRunFound(MetaflowException):
    """No run matches the arguments. In a flow, Metaflow prints the message without a traceback."""

    headline = "No run found"


class Which(TypedDict, total=False):
    """The arguments of `latest_run` and of every getter, which select a run."""

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

    A run must match `branch`, `run_id`, `tag` and `namespace`, if they are given. If none of them is given, it must be
    on the branch of the running flow, or outside flows on `"prod"`. The current namespace makes no difference.

    Args:
        flow_name: The name of the flow's class.
        branch: The branch it ran on: `"prod"`, `"prod.NAME"`, `"test.NAME"` or `"user.NAME"`.
        run_id: The run's ID, such as `"1795317914690381"`.
        tag: A tag of the run, such as `"reviewed"`.
        namespace: The namespace to search, such as `"production:TOKEN"` for the runs of one deployment.
        allow_test_mode: Whether to return a run in test mode, too.

    Raises:
        NoRunFound: If no run matches; the message lists the existing runs.

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
        f"Run it, or select another run{'' if allow_test_mode else ' (allow_test_mode=True includes test mode)'}. "
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
    # With local metadata, adding a tag later makes a run Metaflow's latest one. So sort by run ID. Run IDs are numbers,
    # except those of deployments.
    numbers = {run: run.pathspec.partition("/")[2] for run in runs}
    if all(number.isdecimal() for number in numbers.values()):
        runs.sort(key=lambda run: int(numbers[run]), reverse=True)
    return runs


@contextmanager
def _looking_at(namespace: str) -> Iterator[None]:
    """Use a namespace for a look-up, and restore the previous one."""
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
