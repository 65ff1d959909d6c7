"""Reads what is deployed on AWS Step Functions, from the first step of Metaflow's state machines."""

import json
import re
from collections.abc import Iterator

from metaflow.metaflow_config import SFN_STATE_MACHINE_PREFIX
from metaflow.plugins.aws.aws_client import get_aws_client

from deploy.deployments import Deployment, deployed_commit


def deployments(project: str) -> Iterator[Deployment]:
    """List the deployed flows of a project."""
    client = get_aws_client("stepfunctions")
    prefix = f"{SFN_STATE_MACHINE_PREFIX}_{project}." if SFN_STATE_MACHINE_PREFIX else f"{project}."
    for page in client.get_paginator("list_state_machines").paginate():
        for machine in page["stateMachines"]:
            # Metaflow cuts names after 60 characters, and appends a hash.
            if machine["name"].startswith(prefix[:60]):
                found = client.describe_state_machine(stateMachineArn=machine["stateMachineArn"])
                yield deployment(machine["name"], found)


def deployment(name: str, machine: dict) -> Deployment:
    """Read a deployment from its state machine, which contains the command line of the first step."""
    definition = json.loads(machine["definition"])
    first = definition["States"][definition["StartAt"]]["Parameters"]
    notes = first["Parameters"]
    command = " ".join(first["ContainerOverrides"]["Command"])
    given = re.search(r" --branch (\w+) ", command)
    kind = "prod" if " --production " in command else "test" if given else f"user.{notes['metaflow.owner']}"
    return Deployment(
        name=name,
        flow=notes["metaflow.flow_name"],
        branch=f"{kind}.{given[1]}" if given else kind,
        owner=notes["metaflow.owner"],
        token=notes["metaflow.production_token"],
        commit=deployed_commit(re.findall(r"--tag (\S+?)[ ;)]", command)),
        at=machine.get("updateDate", machine["creationDate"]).isoformat(),
    )
