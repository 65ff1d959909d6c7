"""Secrets in code: names that hold them, and texts that have the form of one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SECRETS = frozenset({"password", "passwd", "passphrase", "secret", "apikey"})
_PAIRS = frozenset(
    [
        ("access", "token"),
        ("api", "key"),
        ("api", "token"),
        ("auth", "token"),
        ("bearer", "token"),
    ]
)
_ABOUT = frozenset(
    "arn count env file filename hash id length name names path prefix region store type url "
    "var".split()
)
"""Words at the end of a name that is about a secret, but is not the secret itself."""

_ASKING = frozenset({"has", "is", "n", "needs", "no", "num", "require", "requires", "use", "with"})

_BEHIND = frozenset(
    "access api auth current db dev key new old plain prod production raw staging string test text "
    "token value".split()
)
"""Words that may follow `secret` in the name of one: `secret_access_key`, not `secret_santa`."""

_FORMATS = {
    "an OpenAI or Anthropic key": r"sk-(?:[a-z]+-){0,2}(?:[A-Za-z0-9_]{20,}|[A-Za-z0-9_-]{40,})",
    "a GitHub token": r"gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{40,}",
    "a GitLab token": r"glpat-[A-Za-z0-9_-]{20}",
    "an AWS access key": r"(?:AKIA|ASIA)[A-Z0-9]{16}",
    "a Google API key": r"AIza[A-Za-z0-9_-]{35}",
    "a Hugging Face token": r"hf_[A-Za-z0-9]{34,}",
    "a Slack token": r"xox[abeoprs]-[A-Za-z0-9-]{20,}",
    "a Stripe key": r"[sr]k_live_[A-Za-z0-9]{20,}",
    "an npm token": r"npm_[A-Za-z0-9]{36}",
    "a PyPI token": r"pypi-AgE[A-Za-z0-9_-]{50,}",
    "a private key": r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----(?:\\n|\s)+[A-Za-z0-9+/]{30,}",
}
_TOKEN = re.compile(
    "|".join(f"(?P<f{number}>{form})" for number, form in enumerate(_FORMATS.values()))
)
_KINDS = tuple(_FORMATS)
_PLACEHOLDER = re.compile(r"example|placeholder|your|xxx|<", re.IGNORECASE)
_FEWEST_CHARACTERS = 10
"""How many different characters a token has at least. `sk-aaaa…` stands for one."""


class Token(NamedTuple):
    """A part of a text that has the form of a secret.

    Attributes:
        start: where it begins in the text.
        end: where it ends.
        kind: what it is, such as `a GitHub token`.
    """

    start: int
    end: int
    kind: str


def names_a_secret(name: str) -> bool:
    """Whether a name, such as `api_key` or `dbPassword`, is that of a secret."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if not words or words[0] in _ASKING or words[-1] in _ABOUT:
        return False
    for number, word in enumerate(words):
        if word in _SECRETS:
            return all(after in _BEHIND or after.isdigit() for after in words[number + 1 :])
    return any(pair in _PAIRS for pair in pairwise(words))


@remembered
def tokens_in(module: Module) -> tuple[Token, ...]:
    """Those in a file, comments included."""
    return tuple(tokens(module.code))


def tokens(text: str) -> Iterator[Token]:
    """The parts of a text that have the form of well-known secrets, but for placeholders."""
    for found in _TOKEN.finditer(text):
        form = found.lastgroup or "f0"
        kind = _KINDS[int(form[1:])]
        written = found.group()
        before = text[found.start() - 1 : found.start()]
        if before.isalnum() or _PLACEHOLDER.search(written):
            continue
        if len(set(written)) >= _FEWEST_CHARACTERS and any(map(str.isdigit, written)):
            yield Token(found.start(), found.end(), kind)
