"""MF407."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lint_rules.analysis.inference import Kind, Value
from lint_rules.analysis.saved_artifacts import persisted
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Constant, Expression
from lint_rules.model.flow import Flow, Parameter
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

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


class SecretArtifact(Rule):
    """
    ## What it does
    Checks for artifacts whose names look like passwords, secrets, API keys, or access, auth or
    bearer tokens. Also checks for parameters with such a name and a default in the code.

    ## Why is this bad?
    Everybody who can read the results of a run can read its artifacts and parameters. Metaflow
    keeps them for good, even after you change the secret. A default in the code is also in the
    history of the repository.

    The rule ignores numbers and truth values. It also ignores names that only tell where a secret
    is (`secret_name`, `api_key_path`).

    ## References
    Metaflow, `@secrets`, and "Basics of Metaflow: artifacts are stored".
    """

    code, name = "MF407", "secret-artifact"
    group = Group.SUSPICIOUS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import os

                    self.api_key = os.environ["ARXIV_KEY"]
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="self.api_key",
        ),
        Bad(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                password = Parameter("password", default="letmein")
                access = Parameter("auth-token", default="abc")

                @step
                def start(self):
                    self.db_password, self.clientSecret = login()
                    self.db_password = None
                    self.hf_access_token = login()
                    self.aws_secret_access_key = login()
            """,
            at=(
                "password",
                "access",
                "self.clientSecret",
                "self.hf_access_token",
                "self.aws_secret_access_key",
            ),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, secrets, step


        class ArxivTopics(FlowSpec):
            @secrets(sources=["arxiv"])
            @step
            def start(self):
                import os

                self.papers = fetch(os.environ["ARXIV_KEY"])
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                password = Parameter("password", required=True)
                token = Parameter("access-token", default="")
                secret_name = Parameter("secret-name", default="arxiv")

                @step
                def start(self):
                    self.tokens = tokenize()
                    self.max_tokens = 512
                    self.token_count = count()
                    self.has_password = check()
                    self.api_key_path = find()
                    self.secret = None
                    self.password_length = 12
                    self.secretary = "Ada"
                    self.auth_token = login()
                    del self.auth_token
            """,
            why="Words, names of secrets, and values that Metaflow does not save.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for parameter in flow.all_parameters:
            if parameter.kind == "Parameter" and _is_written(parameter):
                names = (parameter.attribute, parameter.name or "")
                if any(_is_secret(name) for name in names):
                    yield self.finding(
                        parameter,
                        f"The parameter `{parameter.attribute}` has a secret as its default",
                        "remove the default, and read the secret in the step that needs it with Metaflow's "
                        "`@secrets`",
                    )
        seen: set[str] = set()
        for saved in persisted(flow):
            name = saved.artifact.name
            if (
                name in seen
                or not _is_secret(name)
                or _is_harmless(saved.artifact.value, saved.value)
            ):
                continue
            seen.add(name)
            yield self.finding(
                saved.artifact,
                f"The artifact `{name}` saves a secret, and everybody with the results can read it",
                "keep it in a local variable of the step that needs it, or use `@secrets`",
            )


def _is_written(parameter: Parameter) -> bool:
    """Whether the default is a string in the code with some content."""
    return bool(parameter.module.text(parameter.default))


def _is_secret(name: str) -> bool:
    words = [word.lower() for word in _WORDS.findall(name)]
    if not words or words[0] in _ASKING or words[-1] in _ABOUT:
        return False
    return bool(_SECRETS.intersection(words)) or any(pair in _PAIRS for pair in pairwise(words))


def _is_harmless(written: Expression | None, value: Value | None) -> bool:
    """Whether a value cannot be a secret: `None`, a number, a truth value, an empty string."""
    if isinstance(written, Constant) and not written.value:
        return True
    plain = value is not None and value.kind is Kind.PLAIN
    return plain and value is not None and value.type in ("None", "bool", "int", "float")
