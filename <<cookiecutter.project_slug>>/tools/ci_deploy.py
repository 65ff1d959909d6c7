"""Runs `python -m deploy` in the CI, with the credentials in a private folder that it removes afterwards.

    .venv/bin/python tools/ci_deploy.py create --production

docs/deployment.md lists the variables and secrets that it needs.
"""
<% set kubernetes = cookiecutter.scheduler == "argo-workflows" -%>
<% set aws = cookiecutter.datastore == "s3" -%>
<% set github = aws and cookiecutter.ci == "github" %>
<%- if github %>
import json
<%- endif %>
import os
import signal
import subprocess
import sys
<%- if github %>
import urllib.request
<%- endif %>
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent


class NoCredentials(Exception):
    """Missing credentials. The message says which, and why."""


def main() -> int:
    """Deploy with the credentials that the CI has in its environment, and return the exit status."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, _end)
    # A runner empties its temporary folder, even if the job was killed.
    with TemporaryDirectory(prefix="deploy-", dir=os.environ.get("RUNNER_TEMP")) as folder:
        try:
            environment = credentials(Path(folder), dict(os.environ))
        except NoCredentials as reason:
            print(reason, file=sys.stderr)
            return 2
        command = [sys.executable, "-m", "deploy", *sys.argv[1:]]
        deploying = subprocess.Popen(command, cwd=ROOT, env=environment)
        try:
            return deploying.wait()
        finally:
            deploying.terminate()
            deploying.wait()


def credentials(folder: Path, environment: dict[str, str]) -> dict[str, str]:
    """Write the credentials to files in a folder.

    Args:
        folder: A folder that only this user can read.
        environment: The CI's environment variables. The credentials are removed from them.

    Returns:
        The environment variables for the deployment, which name the files.

    Raises:
        NoCredentials: If a variable or secret is not set<% if github %>, or GitHub does not answer<% endif %>.
    """
    environment["METAFLOW_HOME"] = str(folder)
    _write(folder / "config.json", _taken(environment, "DEPLOY_CONFIG"))
<%- if kubernetes %>
    environment["KUBECONFIG"] = _write(folder / "kubeconfig", _taken(environment, "KUBECONFIG_TEXT"))
<%- endif %>
<%- if aws %>
    # AWS exchanges this token for the permissions of AWS_ROLE_ARN, so no key is stored.
<%- if github %>
    token = _identity_token(environment)
<%- else %>
    token = _taken(environment, "AWS_TOKEN")
<%- endif %>
    environment["AWS_WEB_IDENTITY_TOKEN_FILE"] = _write(folder / "aws-token", token)
<%- endif %>
    return environment


def _taken(environment: dict[str, str], name: str) -> str:
    if value := environment.pop(name, ""):
        return value
    raise NoCredentials(f"{name} is not set: see docs/deployment.md")
<%- if github %>


def _identity_token(environment: dict[str, str]) -> str:
    """Get the token for AWS from GitHub. GitHub's own token must not be an argument, which every user could read."""
    address = _taken(environment, "ACTIONS_ID_TOKEN_REQUEST_URL")
    request = urllib.request.Request(f"{address}&audience=sts.amazonaws.com")
    request.add_unredirected_header("Authorization", f"bearer {_taken(environment, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN')}")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            token: str = json.load(answer)["value"]
    except (OSError, ValueError, KeyError) as error:
        raise NoCredentials(f"GitHub gives no identity token: {error}") from None
    return token
<%- endif %>


def _write(path: Path, text: str) -> str:
    """Write a new file that only this user can read, and return its path."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return str(path)


def _end(number: int, _frame: object) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
