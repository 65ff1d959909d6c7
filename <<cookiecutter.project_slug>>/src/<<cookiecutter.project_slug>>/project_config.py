"""Project, branch and production from a flow's `Config`, where a deployment is described by a file or by JSON.

    project = Config("project", default_value={})

and `--config-value project '{"branch": "new_data"}'` then say the same as `--branch new_data`.
"""

from collections.abc import Mapping

from metaflow import project
from metaflow.exception import MetaflowException

KEYS = {"name": str, "branch": str, "production": bool}


class ProjectConfigError(MetaflowException):
    """A `Config` that cannot say which project or branch a flow belongs to."""

    headline = "Project config error"


def project_keys(config: object) -> dict:
    """Return those of the keys `name`, `branch` and `production` that a flow's `Config` gives.

    Raises:
        ProjectConfigError: If one of them is not what it has to be: text, text, and true or false.
    """
    if not isinstance(config, Mapping):
        return {}
    given = {key: config[key] for key in KEYS if config.get(key) not in (None, "")}
    for key, value in given.items():
        if not isinstance(value, KEYS[key]):
            wanted = "true or false" if KEYS[key] is bool else "text"
            raise ProjectConfigError(f"the Config says {key}={value!r}: make it {wanted}, in the JSON sense")
    return given


def hand_to_project(mutable_flow, config_name: str = "project") -> list[str]:
    """Hand the keys of a flow's `Config` on to its `@project`.

    The name that `@project` has stays; its branch and production give way. Metaflow then adds what the command line
    says, and refuses a key that both give differently.

    Args:
        mutable_flow: The flow, as Metaflow hands it to a `FlowMutator` in `pre_mutate`.
        config_name: The name of the `Config`; nothing happens without it.

    Returns:
        A sentence for each key of `@project` that differs.

    Raises:
        ProjectConfigError: As `project_keys`.
    """
    given = project_keys(dict(mutable_flow.configs).get(config_name))
    if not given:
        return []
    written: dict = {}
    # @project takes every key it is handed for the user's word, its own defaults too, and then refuses another one from
    # the command line.
    for _, _, _, attributes in mutable_flow.get_decorator_specs("project"):
        written.update((key, value) for key, value in attributes.items() if value)
    merged = written | given
    if "name" in written:
        merged["name"] = written["name"]
    mutable_flow.add_decorator(project, deco_kwargs=merged, duplicates=mutable_flow.OVERRIDE)
    differing = [key for key in given if isinstance(written.get(key), KEYS[key]) and written[key] != given[key]]
    return [f"{key} is {merged[key]!r}: @project says {written[key]!r}, the Config {given[key]!r}" for key in differing]
