"""Branches of the project, as the command line names them and as Metaflow does."""

import re
from dataclasses import dataclass
from pathlib import Path

from metaflow.exception import MetaflowException
from metaflow.plugins.project_decorator import format_name
from metaflow.util import get_username

from deploy import Refusal
from deploy.settings import Settings


@dataclass(frozen=True)
class Branch:
    """What `--production` and `--branch` say, and the branch `name` that Metaflow makes of it."""

    name: str
    production: bool
    given: str | None

    @property
    def options(self) -> dict:
        """The options as Metaflow's `Deployer` takes them."""
        return {"production": self.production} | ({"branch": self.given} if self.given else {})

    @property
    def arguments(self) -> list[str]:
        """The options as Metaflow's command line takes them, and this one."""
        return ["--production"] * self.production + (["--branch", self.given] if self.given else [])


@dataclass(frozen=True)
class Release:
    """The project in a folder, at a commit, and the branch that it is deployed on, with the settings for that."""

    root: Path
    commit: str
    branch: Branch
    settings: Settings


def read_branch(project: str, production: bool, given: str | None) -> Branch:
    """Have Metaflow name the branch: `prod`, `prod.NAME`, `test.NAME` or `user.YOU`.

    Raises:
        Refusal: If Metaflow does not take the name, or does not know who you are.
    """
    if given == "":
        raise Refusal("--branch is empty: give it a name, or leave it out.")
    try:
        return Branch(format_name("", project, production, given, user())[1], production, given)
    except MetaflowException as error:
        valid = re.sub("[^a-z0-9_]+", "_", (given or "").lower())[:128]
        raise Refusal(f"{error} Try --branch {valid}") from None


def user() -> str:
    """Return who deploys.

    Raises:
        Refusal: If Metaflow takes none of the environment's names, such as root's.
    """
    if name := get_username():
        return name
    raise Refusal("Metaflow does not know who you are: export METAFLOW_USER=your_name")
