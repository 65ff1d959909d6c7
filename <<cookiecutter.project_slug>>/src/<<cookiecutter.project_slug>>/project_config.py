"""Reads project, branch and production from a flow's `Config`, for deployments that a file or JSON describes.

    project = Config("project", default_value={})

With this Config, `--config-value project '{"branch": "new_data"}'` means the same as `--branch new_data`.
"""

from collections.abc import Mapping

from metaflow import project
from metaflow.exception import MetaflowException

KEYS = {"name": str, "branch": str, "production": bool}


class ProjectConfigError(MetaflowException):
    """A `Config` with an invalid project, branch or production."""

    headline = "Project config error"


def project_keys(config: object) -> dict:
    """Return the keys `name`, `branch` and `production` that a flow's `Config` sets.

    Raises:
        ProjectConfigError: If a key has the wrong type: `name` and `branch` are text, `production` is true or false.
    """
    if not isinstance(config, Mapping):
        return {}
    given = {key: config[key] for key in KEYS if config.get(key) not in (None, "")}
    for key, value in given.items():
        if not isinstance(value, KEYS[key]):
            wanted = "true or false" if KEYS[key] is bool else "text"
            raise ProjectConfigError(f"the Config has {key}={value!r}: change it to {wanted}, as in JSON")
    return given


def hand_to_project(mutable_flow, config_name: str = "project") -> list[str]:
    """Pass the keys of a flow's `Config` to its `@project`.

    The Config overrides the branch and production of `@project`, but not its name. Metaflow then adds the options of
    the command line, and refuses a key that has different values in both.

    Args:
        mutable_flow: The flow, as Metaflow passes it to a `FlowMutator` in `pre_mutate`.
        config_name: The name of the `Config`. If the flow has no such `Config`, nothing happens.

    Returns:
        A message for each key of `@project` that differs.

    Raises:
        ProjectConfigError: As for `project_keys`.
    """
    given = project_keys(dict(mutable_flow.configs).get(config_name))
    if not given:
        return []
    written: dict = {}
    # @project treats every key that it gets as set by the user, even a default, and then refuses another value from the
    # command line.
    for _, _, _, attributes in mutable_flow.get_decorator_specs("project"):
        written.update((key, value) for key, value in attributes.items() if value)
    merged = written | given
    if "name" in written:
        merged["name"] = written["name"]
    mutable_flow.add_decorator(project, deco_kwargs=merged, duplicates=mutable_flow.OVERRIDE)
    differing = [key for key in given if isinstance(written.get(key), KEYS[key]) and written[key] != given[key]]
    return [f"{key} is {merged[key]!r}: @project has {written[key]!r}, Config has {given[key]!r}" for key in differing]
