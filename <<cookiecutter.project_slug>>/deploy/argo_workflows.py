"""Reads what is deployed on Argo Workflows, from the annotations of Metaflow's workflow templates."""

import json
from collections.abc import Iterator

from metaflow.metaflow_config import KUBERNETES_NAMESPACE
from metaflow.plugins.argo.argo_client import ArgoClient

from deploy.deployments import Deployment, deployed_commit


def deployments(project: str) -> Iterator[Deployment]:
    """List the deployed flows of a project."""
    for template in ArgoClient(namespace=KUBERNETES_NAMESPACE).get_workflow_templates():
        notes = template["metadata"].get("annotations", {})
        if notes.get("metaflow/project_name") == project:
            yield Deployment(
                name=template["metadata"]["name"],
                flow=notes["metaflow/flow_name"],
                branch=notes["metaflow/branch_name"],
                owner=notes["metaflow/owner"],
                token=notes["metaflow/production_token"],
                commit=deployed_commit(json.loads(notes.get("metaflow/tags", "[]"))),
                at=notes.get("metaflow/deployment_timestamp", "unknown"),
            )
