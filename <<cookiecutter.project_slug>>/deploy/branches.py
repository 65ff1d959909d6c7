"""Branches of the project: their options on the command line, and their names in Metaflow."""

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
    """The options `--production` and `--branch`, and the `name` that Metaflow gives the branch."""

    name: str
    production: bool
    given: str | None

    @property
    def options(self) -> dict:
        """The options for Metaflow's `Deployer`."""
        return {"production": self.production} | ({"branch": self.given} if self.given else {})

    @property
    def arguments(self) -> list[str]:
        """The options for the command lines of Metaflow and of this package."""
        return ["--production"] * self.production + (["--branch", self.given] if self.given else [])


@dataclass(frozen=True)
class Release:
    """The project in a folder, at a commit, with the branch to deploy to and its settings."""

    root: Path
    commit: str
    branch: Branch
    settings: Settings


def read_branch(project: str, production: bool, given: str | None) -> Branch:
    """Get the branch's name from Metaflow: `prod`, `prod.NAME`, `test.NAME` or `user.YOU`.

    Raises:
        Refusal: If Metaflow refuses the name, or does not know your user name.
    """
    if given == "":
        raise Refusal("--branch is empty: give it a name, or remove the option.")
    try:
        return Branch(format_name("", project, production, given, user())[1], production, given)
    except MetaflowException as error:
        valid = re.sub("[^a-z0-9_]+", "_", (given or "").lower())[:128]
        raise Refusal(f"{error} Try --branch {valid}") from None


def user() -> str:
    """Return the user who deploys.

    Raises:
        Refusal: If Metaflow accepts no user name from the environment, such as for root.
    """
    if name := get_username():
        return name
    raise Refusal("Metaflow does not know your user name: export METAFLOW_USER=your_name")
