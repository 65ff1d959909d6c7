"""The test mode has no place in production: what runs there is everybody's result.

Nor do results that stay on one machine: who starts a flow with `--production` by hand there is told so.
"""

import sys
from collections.abc import Iterator
from typing import Any

from metaflow import FlowMutator, current, user_step_decorator
from metaflow.exception import MetaflowException

from << cookiecutter.project_slug >>.project_config import hand_to_project

LOCAL_PRODUCTION = (
    "WARNING: {} runs with --production, but on the local datastore: its results stay on this machine, where getters "
    "take them for those of production. Leave out --production to try the flow, or deploy it to run it for everybody."
)


class TestModeInProduction(MetaflowException):
    """A run with `--production` and the test mode on."""

    headline = "Test mode in production"
    # pytest would otherwise take this class for a test.
    __test__ = False


class no_test_mode_in_production(FlowMutator):
    """Refuse to run any step of the flow in test mode under `--production`; warn of production on this machine alone.

    Every step asks, not `start` alone: a resumed run skips the steps that it takes over from the earlier one. What the
    flow's `Config("project")` says of production holds too, as with `@namespaced_trigger`.

    Raises:
        TestModeInProduction: If the flow has no parameter `test_mode` to ask.
        ProjectConfigError: If a key of the `Config` is not what it has to be.

    Source: the guide, "Add a test mode".
    """

    def pre_mutate(self, mutable_flow) -> None:
        """Hand the `Config` on to `@project`, unless `@namespaced_trigger` does, which may know another one."""
        if not mutable_flow.has_decorator("namespaced_trigger"):
            hand_to_project(mutable_flow)

    def mutate(self, mutable_flow) -> None:
        """Put the question before each step."""
        if "test_mode" not in dict(mutable_flow.parameters):
            raise TestModeInProduction('the flow has no test mode: add test_mode = Parameter("test-mode", …)')
        for _, step in mutable_flow.steps:
            step.add_decorator(ask_before_step)


@user_step_decorator
def ask_before_step(step_name: str, flow: Any, inputs: object) -> Iterator[None]:
    """Let the step run unless it would run in test mode in production.

    Raises:
        TestModeInProduction: If it would.
    """
    if current.is_production and flow.test_mode:
        way_out = "leave out --production, or run it anew with --test-mode False"
        raise TestModeInProduction(f"{current.flow_name} was started in test mode and in production: {way_out}.")
    # A resumed run may not begin with the first step.
    begins = step_name == _first_step(flow) or current.origin_run_id
    if current.is_production and begins and _is_local(flow):
        print(LOCAL_PRODUCTION.format(current.flow_name), file=sys.stderr)
    yield


def _is_local(flow: object) -> bool:
    """Whether results go to the local datastore, as those of no deployed run do. Metaflow has no public name for it."""
    return getattr(getattr(flow, "_datastore", None), "TYPE", None) == "local"


def _first_step(flow: object) -> str:
    """The name of the flow's first step, which older versions of Metaflow knew only as `start`."""
    return getattr(getattr(flow, "_graph", None), "start_step", None) or "start"
