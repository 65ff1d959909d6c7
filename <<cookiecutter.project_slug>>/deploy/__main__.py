"""The command line: `python -m deploy create|status|rollback|delete|token`.

The exit status is 0 if everything is done, 1 if a deployment fails, and 2 if the command is refused before it starts.
"""

import argparse
import os
import sys
from pathlib import Path

from deploy import Refusal
from deploy.settings import read_settings

ROOT = Path(__file__).parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return the exit status."""
    asked = parser().parse_args(arguments)
    try:
        settings = read_settings(ROOT, asked.production)
        # Metaflow reads its settings from the environment when it is imported. So set them first.
        os.environ.update(settings.environment)
        from deploy import commands
        from deploy.configuration import refuse_what_is_missing

        refuse_what_is_missing()
        return getattr(commands, asked.command)(asked, settings, ROOT)
    except Refusal as refusal:
        print(f"Nothing was done: {refusal}", file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    branch = argparse.ArgumentParser(add_help=False)
    branch.add_argument("--production", action="store_true", help="production, or with --branch a variant of it")
    branch.add_argument("--branch", metavar="NAME", help="a shared branch; without options, your own branch")
    token = argparse.ArgumentParser(add_help=False)
    token.add_argument("--authorize", action="store_true", help="use the production token in DEPLOY_TOKEN")
    token.add_argument("--dry-run", action="store_true", help="show what the command would do, and do nothing")
    create = argparse.ArgumentParser(add_help=False, parents=[branch, token])
    create.add_argument("--generate-new-token", action="store_true", help="move all flows to a new, empty namespace")
    create.add_argument("--prune", action="store_true", help="delete deployed flows that the project no longer has")

    whole = argparse.ArgumentParser(prog="python -m deploy", description="Deploy all flows of this project together.")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("create", parents=[create], help="deploy all flows, in the order of their events")
    rollback = commands.add_parser("rollback", parents=[create], help="deploy all flows of a commit")
    rollback.add_argument("commit", help="the commit, a tag or another revision of git")
    commands.add_parser("status", parents=[branch], help="show what is deployed; without options, on all branches")
    delete = commands.add_parser("delete", parents=[branch, token], help="delete all flows of a branch")
    delete.add_argument("--yes", action="store_true", help="confirm, for production")
    commands.add_parser("token", parents=[branch], help="print the branch's production token, to share it")
    return whole


if __name__ == "__main__":
    sys.exit(main())
