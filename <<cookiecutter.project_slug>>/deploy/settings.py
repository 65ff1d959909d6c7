"""The settings in `[tool.deploy]` of pyproject.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from deploy import Refusal


@dataclass(frozen=True)
class Settings:
    """The project, its scheduler, and Metaflow's settings for it (`METAFLOW_…`)."""

    environment: dict[str, str]
    project: str = "<< cookiecutter.project_slug >>"
    scheduler: str = "<< cookiecutter.scheduler >>"


def read_settings(root: Path, production: bool) -> Settings:
    """Read the settings for production, or for other branches.

    Raises:
        Refusal: If they are not valid.
    """
    try:
        tables = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")).get("tool", {}).get("deploy", {})
    except (OSError, ValueError) as error:
        raise Refusal(f"pyproject.toml cannot be read: {error}") from None
    if unknown := sorted(tables.keys() - {"environment", "production-environment"}):
        raise Refusal(f"[tool.deploy] in pyproject.toml has no setting {unknown[0]!r}.")
    environment = tables.get("environment", {}) | (tables.get("production-environment", {}) if production else {})
    if wrong := [name for name, value in environment.items() if not isinstance(value, str)]:
        raise Refusal(f"{wrong[0]} below [tool.deploy] in pyproject.toml is not a string: put it in quotes.")
    return Settings(environment)
