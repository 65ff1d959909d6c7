"""Describes how Metaflow would deploy a flow, without deploying it.

Run it as a script: `describe.py FLOW_FILE [OPTIONS]`. It adds a command to Metaflow's commands for the scheduler, where
names, branch and token are already known. It prints the description as JSON in the last line.
"""

import ast
import inspect
import json
import runpy
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from metaflow import current
from metaflow._vendor import click
from metaflow.plugins.argo.argo_workflows import ArgoWorkflows
<%- if cookiecutter.scheduler == "argo-workflows" %>
from metaflow.plugins.argo.argo_workflows_cli import argo_workflows as commands
<%- else %>
from metaflow.plugins.aws.step_functions.step_functions_cli import step_functions as commands
<%- endif %>

from << cookiecutter.project_slug >>.events import event_name


def describe(metaflow: Any) -> dict:
    """Describe a flow, from the object that Metaflow passes to its commands."""
    flow = metaflow.flow
    # These need only the flow, and work for both schedulers.
    read: Any = ArgoWorkflows
    alone = SimpleNamespace(flow=flow)
    triggers, _ = read._process_triggers(alone)
    parameters = read._process_parameters(alone)
    schedule, zone = read._get_schedule(alone)
    test_mode = parameters.get("test-mode")
    return {
        "flow": flow.name,
        "project": current.get("project_name"),
        "branch": current.get("branch_name"),
        "deployed_name": getattr(metaflow, "workflow_name", None) or metaflow.state_machine_name,
        "token_prefix": metaflow.token_prefix,
        "waits_for": [trigger["name"] for trigger in triggers],
        "raises": sorted({event_name(name) for name in raised_events(type(flow))}),
        "schedule": f"{schedule} {zone or ''}".strip() if schedule else None,
        "test_mode": str(json.loads(test_mode["value"])) == "True" if test_mode else None,
    }


def raised_events(flow: type) -> Iterator[str]:
    """Find the names in calls of `raise_event("…")`, in a flow and its base classes."""
    for each in flow.__mro__:
        if each.__module__.split(".")[0] not in ("metaflow", "builtins"):
            for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(each)))):
                match node:
                    case ast.Call(func=ast.Attribute(attr="raise_event"), args=[ast.Constant(value=str(name)), *_]):
                        yield name


@click.command(name="describe")
@click.pass_obj
def print_description(metaflow: Any) -> None:
    """Print the description as the last line of the output."""
    print("\n" + json.dumps(describe(metaflow)))


if __name__ == "__main__":
    flow_file, *options = sys.argv[1:]
    commands.add_command(print_description)
    sys.argv = [flow_file, *options, commands.name, "describe"]
    sys.path.insert(0, str(Path(flow_file).parent))
    runpy.run_path(flow_file, run_name="__main__")
