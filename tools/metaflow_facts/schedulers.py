"""Lets Metaflow compile small flows for Argo Workflows, AWS Step Functions and Airflow.

Each is created as the command line creates it, in a forked process. What Metaflow would send is
recorded: the clients of Argo and AWS are stand-ins, and so is S3, which is a local folder.
"""

from __future__ import annotations

import json
import os
import random
import re
import runpy
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import kubernetes.client  # noqa: F401  # Metaflow imports it late
import metaflow.cli
from metaflow import plugins
from metaflow.exception import MetaflowException
from metaflow.plugins.argo import argo_workflows
from metaflow.plugins.aws import aws_client
from metaflow.plugins.aws.step_functions import step_functions  # noqa: F401
from metaflow.plugins.datastores.local_storage import LocalStorage

from tools.metaflow_facts.constructs import CONSTRUCTS, Construct
from tools.metaflow_facts.trials import message_of

SCHEDULERS = {
    "airflow": ("airflow", "create", "dag.py"),
    "argo-workflows": ("argo-workflows", "create"),
    "step-functions": ("step-functions", "create"),
}


class _Store(LocalStorage):
    """Stands in for S3: files in a folder, whose addresses look like those of S3."""

    TYPE = "s3"

    def full_uri(self, path: str) -> str:
        """Return the address that tasks would load a file from."""
        return f"s3://bucket/metaflow/{path}"


def read_schedulers() -> dict[str, Any]:
    """Return, for each scheduler and construct, whether it is accepted, refused or dropped.

    It is dropped if what is deployed is the same without it. Flows that `check` refuses are left
    out: this version of Metaflow does not have what they are about.
    """
    plugins.get_plugin_cli()  # what is imported now need not be imported in each process
    plugins.DATASTORES[:] = [_Store if s.TYPE == "s3" else s for s in plugins.DATASTORES]
    recorded: list[Any] = []
    argo_workflows.ArgoClient = lambda *_, **__: _client(recorded)
    aws_client.get_aws_client = lambda *_, **__: _client(recorded)
    found: dict[str, Any] = {name: {} for name in SCHEDULERS}
    for name, construct in CONSTRUCTS.items():
        if _create(construct, ("check",), recorded).get("message"):
            continue
        for scheduler, command in SCHEDULERS.items():
            found[scheduler][name] = _answer(construct, command, recorded)
    return found


class CannotCompare(Exception):
    """Two deployments of one flow are not the same here, so what they leave out cannot be seen."""


def _answer(construct: Construct, command: Sequence[str], recorded: list[Any]) -> dict[str, str]:
    got = _create(construct, command, recorded)
    if "message" in got:
        return {"answer": "refused", "message": got["message"]}
    if construct.shows:
        plain = _create(construct._replace(flow="", step=""), command, recorded)
        if plain != _create(construct._replace(flow="", step=""), command, recorded):
            raise CannotCompare(command)
        if got == plain:
            return {"answer": "dropped"}
    return {"answer": "accepted"}


def _client(recorded: list[Any]) -> MagicMock:
    """Return a client that records what it is asked, and answers that there is nothing yet."""
    client = MagicMock()
    for name in ("get_workflow_template", "get_workflow"):
        getattr(client, name).return_value = None
    client.register_job_definition.return_value = {"jobDefinitionArn": "arn"}
    client.describe_job_definitions.return_value = {"jobDefinitions": []}
    client.describe_job_queues.return_value = {
        "jobQueues": [{"computeEnvironmentOrder": [{"computeEnvironment": "computers"}]}]
    }
    client.describe_compute_environments.return_value = {
        "computeEnvironments": [{"computeResources": {"type": "EC2"}}]
    }
    client.get_caller_identity.return_value = {"Account": "1"}
    client._client_config.region_name = "us-east-1"
    client.create_state_machine.return_value = {"stateMachineArn": "arn"}
    client.update_state_machine.return_value = {"stateMachineArn": "arn"}
    client.get_paginator.return_value.paginate.return_value = []
    recorded.append(client)
    return client


def _create(construct: Construct, command: Sequence[str], recorded: list[Any]) -> dict[str, Any]:
    """Run a flow's command in a fork; return what it sends, or the message of a refusal."""
    return _forked(lambda: _run(construct.source(), command, recorded))


def _run(source: str, command: Sequence[str], recorded: list[Any]) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(dir=os.environ["HOME"]))
    os.chdir(folder)
    Path("tried.py").write_text(source)
    random.seed(0)  # tokens are made by chance
    shown: list[str] = []
    metaflow.cli.print_metaflow_exception = lambda error: shown.append(message_of(error))
    metaflow.cli.print_unknown_exception = lambda error: shown.append(message_of(error))
    remote = ["--with", "kubernetes"] if command[0] == "airflow" else []
    sys.argv = ["tried.py", "--no-pylint", "--datastore=s3", *remote, *command]
    try:
        runpy.run_path("tried.py", run_name="__main__")
    except SystemExit as end:
        if end.code and not shown:
            shown.append(f"exit status {end.code}")
    except MetaflowException as error:
        shown.append(message_of(error))
    if shown:
        return {"message": shown[0]}
    sent = [str(client.mock_calls) for client in recorded]
    if Path("dag.py").exists():
        sent.append(Path("dag.py").read_text())
    return {"sent": [_without_chance(text, folder) for text in sent]}


def _without_chance(text: str, folder: Path) -> str:
    """Leave out what depends on the flow's file, its folder, the process or the time."""
    text = text.replace(str(folder), "folder").replace(folder.name, "folder")
    text = re.sub(r"[0-9a-f]{2}/[0-9a-f]{40}|[0-9a-f]{40}", "sha", text)
    text = re.sub(r"\b0x[0-9a-f]+|(?<=id=')\d+", "address", text)
    return re.sub(r"\d{4}-\d\d-\d\d[T ][\d:.+]+", "time", text)


def _forked(action: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    """Return what an action gives in a forked process, which leaves nothing behind in this one."""
    file = Path(tempfile.mkdtemp(dir=os.environ["HOME"])) / "answer.json"
    child = os.fork()
    if child == 0:
        try:
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, 1)
            if not os.environ.get("SHOW"):
                os.dup2(nothing, 2)
            file.write_text(json.dumps(action()))
        except BaseException:
            file.write_text(json.dumps({"message": traceback.format_exc()}))
        os._exit(0)
    os.waitpid(child, 0)
    answer: dict[str, Any] = json.loads(file.read_text())
    return answer
