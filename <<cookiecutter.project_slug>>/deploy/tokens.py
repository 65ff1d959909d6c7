"""Production tokens. A token decides who may deploy to a branch, and names the namespace of its results.

All flows of a branch should have the same token. Metaflow's `--generate-new-token` changes the token of one flow. The
tokens of a branch are numbered: `mfprj-…-1-…` follows `mfprj-…-0-…`. They prevent accidents, not attacks.

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
    """Mask the secret part of every token in a text."""
    return re.sub(r"(mfprj-[a-z2-7]+-\d+-)[a-z]+", r"\1****", text)


def given_token(authorize: bool) -> str | None:
    """Remove the token from the environment, so that no child process gets it, and return it.

    Raises:
        Refusal: If it is needed and not set.
    """
    token = os.environ.pop(VARIABLE, "").strip().removeprefix("production:")
    if authorize and not token:
        raise Refusal(f"--authorize reads the token from the environment variable {VARIABLE}, which is not set.")
    return token if authorize else None


def authorize(deployed: Iterable[Deployment], prefix: str, given: str | None) -> None:
    """Check that Metaflow allows this user to deploy, before anything is deployed.

    Raises:
        Refusal: If somebody else deployed a flow, and this user does not have its token.
    """
    token = given or load_token(prefix)
    for each in deployed:
        if each.owner != user() and each.token != token:
            wrong = f"{VARIABLE} contains another token" if given else "you have no token for it"
            fault = f"{each.flow} was deployed on the branch {each.branch} by {each.owner}, and {wrong}"
            way_out = f"for the token (python -m deploy token), export it as {VARIABLE}, and add --authorize"
            raise Refusal(f"{fault}. Ask {each.owner} {way_out}.")


def token_to_be(deployed: Iterable[Deployment], prefix: str, generate_new: bool) -> str | None:
    """Return the token for all flows after a deployment, or `None` if it is the first deployment.

    If flows have different tokens, somebody generated a new token for some of them. A new token for all corrects this.

    Raises:
        Refusal: If flows have different tokens and `generate_new` is false.
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
        way_out = "Add --generate-new-token to move all flows to the newest token"
        raise Refusal(f"the flows of this branch have different tokens: {which}. {way_out}.")
    return newest
