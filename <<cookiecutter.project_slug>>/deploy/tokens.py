"""Production tokens: who may deploy to a branch, and the namespace that its results are in.

All flows of a branch should have the same one; `--generate-new-token` of Metaflow's moves a single flow. Tokens of a
branch are numbered: behind `mfprj-…-0-…` comes `mfprj-…-1-…`. They prevent accidents, not attacks.

Source: Metaflow's documentation, "Production tokens".
"""

import os
import re
from collections.abc import Iterable

from metaflow.plugins.aws.step_functions.production_token import load_token, new_token

from deploy import Refusal
from deploy.branches import user
from deploy.deployments import Deployment, number

VARIABLE = "DEPLOY_TOKEN"


def masked(text: str) -> str:
    """Leave the secret part of every token out of a text."""
    return re.sub(r"(mfprj-[a-z2-7]+-\d+-)[a-z]+", r"\1****", text)


def given_token(authorize: bool) -> str | None:
    """Take the token out of the environment, so that no process started from here finds it there.

    Raises:
        Refusal: If it is asked for and there is none.
    """
    token = os.environ.pop(VARIABLE, "").strip().removeprefix("production:")
    if authorize and not token:
        raise Refusal(f"--authorize takes the token from the environment variable {VARIABLE}, which is not set.")
    return token if authorize else None


def authorize(deployed: Iterable[Deployment], prefix: str, given: str | None) -> None:
    """Make sure that Metaflow will let this user deploy, before anything is deployed.

    Raises:
        Refusal: If a flow was deployed by somebody else and the token is not theirs.
    """
    token = given or load_token(prefix)
    for each in deployed:
        if each.owner != user() and each.token != token:
            wrong = f"{VARIABLE} holds another token" if given else "you have no token for it"
            fault = f"{each.flow} was deployed on the branch {each.branch} by {each.owner}, and {wrong}"
            way_out = f"for it (python -m deploy token), export it as {VARIABLE}, and add --authorize"
            raise Refusal(f"{fault}. Ask {each.owner} {way_out}.")


def token_to_be(deployed: Iterable[Deployment], prefix: str, generate_new: bool) -> str | None:
    """Return the token that all flows shall have after a deployment; `None` if it is the first one.

    Where flows have different ones, a new token was generated for some alone: generating it for all completes that.

    Raises:
        Refusal: If flows have different tokens and no new one is asked for.
    """
    tokens = {each.token: each.flow for each in deployed}
    if not tokens:
        return None
    newest = max(tokens, key=number)
    if len(tokens) == 1:
        return new_token(prefix, newest) if generate_new else newest
    if not generate_new:
        oldest = min(tokens, key=number)
        which = f"{tokens[oldest]} has number {number(oldest)}, {tokens[newest]} number {number(newest)}"
        way_out = "Add --generate-new-token to move all of them to the newest"
        raise Refusal(f"the flows of this branch have different tokens: {which}. {way_out}.")
    return newest
