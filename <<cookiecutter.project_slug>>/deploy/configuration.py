"""Checks the packages and settings that Metaflow needs for deployments."""

from importlib.util import find_spec

from metaflow import metaflow_config

from deploy import Refusal

<%- set clients = (["kubernetes"] if cookiecutter.scheduler == "argo-workflows" else []) + (["boto3"] if cookiecutter.datastore == "s3" else []) %>

CLIENTS = << clients | tojson >>
ASKS = "metaflow configure << 'kubernetes' if cookiecutter.scheduler == 'argo-workflows' else 'aws' >>"


def refuse_what_is_missing() -> None:
    """Check for what Metaflow needs: its own messages often do not name the cause.

    Raises:
        Refusal: If something is missing.
    """
    if missing := [name for name in CLIENTS if not find_spec(name)]:
        raise Refusal(f"{' and '.join(missing)} cannot be imported: run make remote, which installs them.")
    needed = [f"DATASTORE_SYSROOT_{metaflow_config.DEFAULT_DATASTORE.upper()}"]
    needed += ["SERVICE_URL"] if metaflow_config.DEFAULT_METADATA == "service" else []
    if unset := [f"METAFLOW_{name}" for name in needed if not getattr(metaflow_config, name, None)]:
        raise Refusal(f"{' and '.join(unset)} must be set: run `{ASKS}`, or see docs/deployment.md.")
