"""Reads, creates and deletes deployments."""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from metaflow import Deployer
from metaflow.plugins.aws.step_functions.production_token import store_token
from metaflow.runner.deployer import generate_fake_flow_file_contents

from deploy import Refusal
from deploy.branches import Branch, Release
from deploy.settings import Settings

COMMIT_TAG = "commit:"


@dataclass(frozen=True)
class Deployment:
    """A flow on the scheduler: its name there, its branch, its commit, and who deployed it when (ISO 8601)."""

    name: str
    flow: str
    branch: str
    owner: str
    token: str
    commit: str
    at: str

    @property
    def token_prefix(self) -> str:
        """The start of all tokens of the branch. Metaflow stores your token under this name."""
        return self.token.rsplit("-", 2)[0]


def read_deployments(settings: Settings) -> list[Deployment]:
    """List all deployed flows of the project, sorted by branch and flow.

    Raises:
        Refusal: If the scheduler does not answer.
    """
    module = importlib.import_module(f"deploy.{settings.scheduler.replace('-', '_')}")
    try:
        return sorted(module.deployments(settings.project), key=lambda each: (each.branch, each.flow))
    except Exception as error:  # Any error of the scheduler's client.
        raise Refusal(f"{settings.scheduler} does not answer what is deployed: {error}") from error


def deployed_commit(tags: Iterable[str]) -> str:
    """Find the commit in a deployment's tags. Flows that were not deployed with this package have none."""
    return next((tag.removeprefix(COMMIT_TAG) for tag in tags if tag.startswith(COMMIT_TAG)), "unknown")


def number(token: str) -> int:
    """Return a token's number among the tokens of its branch."""
    return int(token.split("-")[-2])


def deploy(file: Path, release: Release, now: Deployment | None, token: str | None) -> str:
    """Deploy a flow with a token, and return the token that it has then.

    Metaflow gives the first token to a flow that is new on a branch, and at most the next token to another flow. So it
    may take several deployments to reach the token of the branch.

    Args:
        file: The flow's file.
        release: The project, its commit and the branch.
        now: The current deployment of the flow, if there is one.
        token: The token that the flow should have, or `None` for the first one of the branch.

    Raises:
        RuntimeError: With Metaflow's message, if the deployment fails.
    """
    if now:
        show_token(now)
    has = now.token if now else None
    deployer = Deployer(str(file), show_output=False, cwd=str(release.root), **release.branch.options)
    while True:
        before, generate = has, has is not None and has != token
        with scheduler(deployer, release.settings) as chosen:
            try:
                has = chosen.create(tags=[COMMIT_TAG + release.commit], generate_new_token=generate).production_token
            except RuntimeError:
                raise RuntimeError(last_output(chosen)) from None
        if token in (None, has):
            return has
        if has == before or number(has) > number(token):
            raise RuntimeError(f"{file} has another token than its branch: check that nobody else deploys it now")


def delete_deployment(deployment: Deployment, branch: Branch, settings: Settings) -> None:
    """Delete a deployed flow. Its file may not exist any more.

    Raises:
        RuntimeError: With Metaflow's message, if it fails.
    """
    show_token(deployment)
    with TemporaryDirectory() as folder:
        file = Path(folder, "flow.py")
        file.write_text(generate_fake_flow_file_contents(deployment.flow, {}, settings.project), encoding="utf-8")
        with scheduler(Deployer(str(file), show_output=False, **branch.options), settings) as chosen:
            chosen.name, chosen.flow_name, chosen.metadata = deployment.name, deployment.flow, ""
            if not chosen.deployed_flow_type()(chosen).delete():
                raise RuntimeError(last_output(chosen))


def show_token(deployment: Deployment) -> None:
    """Store the flow's token in Metaflow's home folder, where Metaflow looks for it.

    If the token were an option of the command, everybody on the machine could read it.
    """
    store_token(deployment.token_prefix, deployment.token)


def scheduler(deployer: Deployer, settings: Settings) -> Any:
    """Return the `Deployer`'s object for the project's scheduler."""
    return getattr(deployer, settings.scheduler.replace("-", "_"))()


def last_output(chosen: Any) -> str:
    """Return the last output of the processes that a scheduler's `Deployer` started."""
    logs = [Path(log) for command in chosen.spm.commands.values() for log in command.log_files.values()]
    lines = "\n".join(log.read_text(encoding="utf-8") for log in logs).strip().splitlines()
    return "\n".join(lines[-8:])
