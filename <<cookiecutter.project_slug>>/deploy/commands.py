"""The commands of the command line. Each returns the exit status."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from deploy import Refusal, repository
from deploy.branches import Release, read_branch
from deploy.deployments import Deployment, delete_deployment, deploy, read_deployments
from deploy.plan import description, make_plan
from deploy.settings import Settings, read_settings
from deploy.tokens import authorize, given_token, masked


def create(asked: Namespace, settings: Settings, root: Path) -> int:
    """Deploy all flows from the work tree."""
    commit = repository.commit(root)
    if asked.production and commit.endswith(repository.DIRTY):
        raise Refusal("there are changes that are not committed. Commit them before you deploy to production.")
    return deploy_all(asked, settings, root, commit)


def rollback(asked: Namespace, settings: Settings, root: Path) -> int:
    """Deploy all flows with the package and the settings of a commit."""
    with repository.work_tree(root, asked.commit) as then:
        for name in settings.environment:
            del os.environ[name]
        settings = read_settings(then, asked.production)
        os.environ.update(settings.environment)
        return deploy_all(asked, settings, then, repository.commit(then))


def deploy_all(asked: Namespace, settings: Settings, root: Path, commit: str) -> int:
    """Show the plan, and carry it out unless it is a dry run."""
    # Use the package in this folder, not the installed one.
    source = str(root / "src")
    sys.path.insert(0, source)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))
    release = Release(root, commit, read_branch(settings.project, asked.production, asked.branch), settings)
    plan = make_plan(release, given_token(asked.authorize), asked.generate_new_token)
    print("\n".join(description(plan)), flush=True)
    if asked.dry_run:
        return 0

    def deploy_next(flow: str) -> None:
        nonlocal plan
        (file,) = [each.file for each in plan.flows if each.flow == flow]
        # The first deployment of a branch creates its token.
        plan = replace(plan, token=deploy(file, release, plan.now.get(flow), plan.token))

    if status := one_by_one("deployed", deploy_next, [flow.flow for flow in plan.flows]):
        return status
    return delete_all(plan.left, asked, settings) if asked.prune else 0


def delete(asked: Namespace, settings: Settings, root: Path) -> int:
    """Delete what is deployed on a branch."""
    branch = read_branch(settings.project, asked.production, asked.branch)
    there = [each for each in read_deployments(settings) if each.branch == branch.name]
    given = given_token(asked.authorize)
    if there:
        authorize(there, there[0].token_prefix, given)
    print("\n".join(f"{each.flow} on {each.branch}: {each.name}" for each in there) or f"{branch.name} is empty.")
    if asked.dry_run:
        return 0
    if there and asked.production and not asked.yes:
        raise Refusal("this is production: add --yes to confirm.")
    return delete_all(there, asked, settings)


def delete_all(there: list[Deployment], asked: Namespace, settings: Settings) -> int:
    """Delete flows of one branch."""
    branch = read_branch(settings.project, asked.production, asked.branch)
    flows = {each.flow: each for each in there}
    return one_by_one("deleted", lambda flow: delete_deployment(flows[flow], branch, settings), list(flows))


def one_by_one(done: str, action: Callable[[str], None], flows: list[str]) -> int:
    """Run an action for each flow. If it fails, print which flows are done and which are not."""
    for position, flow in enumerate(flows):
        print(f"\n{flow} …", end=" ", flush=True)
        try:
            action(flow)
        except Exception as error:  # Errors of Metaflow, of the scheduler and of the flow.
            print("failed", flush=True)
            print(masked(str(error)), file=sys.stderr)
            print(f"\n{done}: {', '.join(flows[:position]) or 'none'}", file=sys.stderr)
            print(f"not {done}: {', '.join(flows[position:])}", file=sys.stderr)
            print("Run the same command again to complete it.", file=sys.stderr)
            return 1
        print(done, flush=True)
    return 0


def status(asked: Namespace, settings: Settings, root: Path) -> int:
    """Show what is deployed where, from which commit, and by whom."""
    there = read_deployments(settings)
    if asked.production or asked.branch is not None:
        branch = read_branch(settings.project, asked.production, asked.branch)
        there = [each for each in there if each.branch == branch.name]
    for branch, flows in groupby(there, key=lambda each: each.branch):
        print(branch)
        tokens = set()
        for each in flows:
            tokens.add(each.token)
            print(f"  {each.flow}: commit {each.commit}, by {each.owner}, {each.at}")
            print(f"    {each.name}, namespace production:{masked(each.token)}")
        if len(tokens) > 1:
            print("  These flows have different tokens: deploy again with --generate-new-token.")
    if not there:
        print("Nothing is deployed.")
    return 0


def token(asked: Namespace, settings: Settings, root: Path) -> int:
    """Print the token of a branch."""
    branch = read_branch(settings.project, asked.production, asked.branch)
    tokens = {each.token for each in read_deployments(settings) if each.branch == branch.name}
    if len(tokens) != 1:
        raise Refusal(f"the branch {branch.name} has {len(tokens) or 'no'} tokens: python -m deploy status")
    print(*tokens)
    return 0
