"""What is deployed."""

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
    """One flow on the scheduler: its name there, its branch, who deployed it when (ISO 8601), from which commit."""

    name: str
    flow: str
    branch: str
    owner: str
    token: str
    commit: str
    at: str

    @property
    def token_prefix(self) -> str:
        """What all tokens of the branch begin with, and the name under which Metaflow keeps the one you have."""
        return self.token.rsplit("-", 2)[0]


def read_deployments(settings: Settings) -> list[Deployment]:
    """List all that is deployed of the project, by branch and flow.

    Raises:
        Refusal: If the scheduler cannot be asked.
    """
    module = importlib.import_module(f"deploy.{settings.scheduler.replace('-', '_')}")
    try:
        return sorted(module.deployments(settings.project), key=lambda each: (each.branch, each.flow))
    except Exception as error:  # Whatever the client of the scheduler has to say.
        raise Refusal(f"{settings.scheduler} cannot be asked what is deployed: {error}") from error


def deployed_commit(tags: Iterable[str]) -> str:
    """Find the commit among a deployment's tags; flows that were deployed one by one have none."""
    return next((tag.removeprefix(COMMIT_TAG) for tag in tags if tag.startswith(COMMIT_TAG)), "unknown")


def number(token: str) -> int:
    """Return a token's place among the tokens of its branch."""
    return int(token.split("-")[-2])


def deploy(file: Path, release: Release, now: Deployment | None, token: str | None) -> str:
    """Deploy a flow that is deployed `now`, or not, and shall have a token; return the one it has then.

    Metaflow gives a flow that is new on a branch the first token of all, and another flow at most the next one: so it
    takes several times where others were moved on before.

    Raises:
        RuntimeError: With Metaflow's words, if it fails.
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
                raise RuntimeError(said(chosen)) from None
        if token in (None, has):
            return has
        if has == before or number(has) > number(token):
            raise RuntimeError(f"the token of {file} is not the branch's: does somebody else deploy it now?")


def delete_deployment(deployment: Deployment, branch: Branch, settings: Settings) -> None:
    """Delete a deployed flow, of which the project may have no file any more.

    Raises:
        RuntimeError: With Metaflow's words, if it fails.
    """
    show_token(deployment)
    with TemporaryDirectory() as folder:
        file = Path(folder, "flow.py")
        file.write_text(generate_fake_flow_file_contents(deployment.flow, {}, settings.project), encoding="utf-8")
        with scheduler(Deployer(str(file), show_output=False, **branch.options), settings) as chosen:
            chosen.name, chosen.flow_name, chosen.metadata = deployment.name, deployment.flow, ""
            if not chosen.deployed_flow_type()(chosen).delete():
                raise RuntimeError(said(chosen))


def show_token(deployment: Deployment) -> None:
    """Have Metaflow authorize what comes next by the flow's token, which it looks up in its home folder.

    As an option of the command, everybody on the machine could read it.
    """
    store_token(deployment.token_prefix, deployment.token)


def scheduler(deployer: Deployer, settings: Settings) -> Any:
    """Return the part of a `Deployer` that is for the project's scheduler."""
    return getattr(deployer, settings.scheduler.replace("-", "_"))()


def said(chosen: Any) -> str:
    """Return the last that Metaflow said in the processes that a scheduler's `Deployer` started."""
    logs = [Path(log) for command in chosen.spm.commands.values() for log in command.log_files.values()]
    lines = "\n".join(log.read_text(encoding="utf-8") for log in logs).strip().splitlines()
    return "\n".join(lines[-8:])
