"""What Metaflow needs to have and to know before anything can be deployed."""

from importlib.util import find_spec

from metaflow import metaflow_config

from deploy import Refusal

<%- set clients = (["kubernetes"] if cookiecutter.scheduler == "argo-workflows" else []) + (["boto3"] if cookiecutter.datastore == "s3" else []) %>

CLIENTS = << clients | tojson >>
ASKS = "metaflow configure << 'kubernetes' if cookiecutter.scheduler == 'argo-workflows' else 'aws' >>"


def refuse_what_is_missing() -> None:
    """Look for what Metaflow would fail without, mostly without saying so.

    Raises:
        Refusal: If there is such a thing.
    """
    if missing := [name for name in CLIENTS if not find_spec(name)]:
        raise Refusal(f"{' and '.join(missing)} cannot be imported: make remote installs what deployments take.")
    needed = [f"DATASTORE_SYSROOT_{metaflow_config.DEFAULT_DATASTORE.upper()}"]
    needed += ["SERVICE_URL"] if metaflow_config.DEFAULT_METADATA == "service" else []
    if unset := [f"METAFLOW_{name}" for name in needed if not getattr(metaflow_config, name, None)]:
        raise Refusal(f"{' and '.join(unset)} must be set: `{ASKS}` asks for it; docs/deployment.md says what else.")
