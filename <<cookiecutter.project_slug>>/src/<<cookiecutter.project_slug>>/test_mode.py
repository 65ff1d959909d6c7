"""Refuses test mode in production, because everybody uses the results of production.

Also warns if a flow runs with `--production` and its results stay on one machine.
"""

import sys
from collections.abc import Iterator
from typing import Any

from metaflow import FlowMutator, current, user_step_decorator
from metaflow.exception import MetaflowException

from << cookiecutter.project_slug >>.project_config import hand_to_project

LOCAL_PRODUCTION = (
    "WARNING: {} runs with --production, but on the local datastore: its results stay on this machine, and getters on "
    "this machine read them as production. To try the flow, remove --production. To run it for everybody, deploy it."
)


class TestModeInProduction(MetaflowException):
    """A run with `--production` in test mode."""

    headline = "Test mode in production"
    # Otherwise pytest would collect this class as a test.
    __test__ = False


class no_test_mode_in_production(FlowMutator):
    """Refuse to run a step in test mode with `--production`, and warn about production on the local datastore.

    Every step checks this, not only `start`, because a resumed run skips completed steps. The key `production` of the
    flow's `Config("project")` counts, too, as with `@namespaced_trigger`.

    Raises:
        TestModeInProduction: If the flow has no parameter `test_mode`.
        ProjectConfigError: If a key of the `Config` has the wrong type.

    Source: the guide, "Test mode".
    """

    def pre_mutate(self, mutable_flow) -> None:
        """Pass the `Config` to `@project`, unless `@namespaced_trigger` does: its `Config` may have another name."""
        if not mutable_flow.has_decorator("namespaced_trigger"):
            hand_to_project(mutable_flow)

    def mutate(self, mutable_flow) -> None:
        """Add the check before each step."""
        if "test_mode" not in dict(mutable_flow.parameters):
            raise TestModeInProduction('the flow has no test mode: add test_mode = Parameter("test-mode", …)')
        for _, step in mutable_flow.steps:
            step.add_decorator(ask_before_step)


@user_step_decorator
def ask_before_step(step_name: str, flow: Any, inputs: object) -> Iterator[None]:
    """Run the step, unless the run is in test mode and in production.

    Raises:
        TestModeInProduction: If it is.
    """
    if current.is_production and flow.test_mode:
        way_out = "remove --production, or run it again with --test-mode False"
        raise TestModeInProduction(f"{current.flow_name} was started in test mode and in production: {way_out}.")
    # A resumed run may start with another step.
    begins = step_name == _first_step(flow) or current.origin_run_id
    if current.is_production and begins and _is_local(flow):
        print(LOCAL_PRODUCTION.format(current.flow_name), file=sys.stderr)
    yield


def _is_local(flow: object) -> bool:
    """Whether results go to the local datastore, which no deployed run uses. Metaflow has no public API for this."""
    return getattr(getattr(flow, "_datastore", None), "TYPE", None) == "local"


def _first_step(flow: object) -> str:
    """The name of the flow's first step, which is always `start` in older versions of Metaflow."""
    return getattr(getattr(flow, "_graph", None), "start_step", None) or "start"
