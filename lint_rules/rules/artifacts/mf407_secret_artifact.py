"""MF407."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.inference import Kind, Value
from lint_rules.analysis.saved_artifacts import persisted
from lint_rules.analysis.secrets import names_a_secret, tokens, tokens_in
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Constant, Dict, Expression, Node
from lint_rules.model.flow import Flow, Parameter
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class SecretArtifact(Rule):
    """
    ## What it does
    Checks for artifacts whose names look like passwords, secrets, API keys, or access, auth or
    bearer tokens. Also checks for values in the code that are secrets: the default of a parameter
    with such a name, a value of `@environment(vars=…)` with such a name, and texts anywhere in the
    flow's file that have the form of a well-known key or token, such as `ghp_…`.

    ## Why is this bad?
    Everybody who can read the results of a run can read its artifacts, its parameters and its code.
    Metaflow keeps them for good, even after you change the secret. What is written in the code is
    also in the history of the repository.

    The rule ignores numbers and truth values. It also ignores names that only tell where a secret
    is (`secret_name`, `api_key_path`), and texts that stand for a secret (`sk-xxxx…`).

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
        Bad(
            """
            from metaflow import FlowSpec, environment, step


            class ArxivTopics(FlowSpec):
                @environment(vars={"ARXIV_API_KEY": "letmein", "YEAR": "2024"})
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at='"letmein"',
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
                    self.secret_santa = "Grace"
                    self.auth_token = login()
                    del self.auth_token
            """,
            why="Words, names of secrets, and values that Metaflow does not save.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        yield from self._written(flow)
        for parameter in flow.all_parameters:
            if parameter.kind == "Parameter" and _is_written(parameter):
                names = (parameter.attribute, parameter.name or "")
                if any(map(names_a_secret, names)):
                    yield self.finding(
                        parameter,
                        f"The parameter `{parameter.attribute}` has a secret as its default",
                        "remove the default, and read the secret from `os.environ` in the step that "
                        "needs it; Metaflow's `@secrets` can put it there",
                    )
        for step in flow.steps:
            for key, value in _variables(step):
                yield self.finding(
                    value,
                    f"The environment variable `{key}` of `{step.name}` is a secret in the code",
                    f"remove it, and set `{key}` outside of the code, or with Metaflow's `@secrets`",
                )
        seen: set[str] = set()
        for saved in persisted(flow):
            name = saved.artifact.name
            if name in seen or not names_a_secret(name):
                continue
            if _is_harmless(saved.artifact.value, saved.value):
                continue
            seen.add(name)
            yield self.finding(
                saved.artifact,
                f"The artifact `{name}` saves a secret, and everybody with the results can read it",
                "keep it in a local variable of the step that needs it, or use `@secrets`",
            )

    def _written(self, flow: Flow) -> Iterator[Finding]:
        """Texts in the flow's file that have the form of a secret."""
        module = flow.module
        for token in tokens_in(module):
            yield self.finding(
                Node(module.resolver.path, token.start, token.end),
                f"The code contains {token.kind}, and everybody with the code can read it",
                "revoke it, and take a new one from Metaflow's `@secrets` or the environment",
            )


def _variables(step: Step) -> Iterator[tuple[str, Expression]]:
    """The names and values of environment variables of a step that are secrets in the code."""
    module = step.flow.module
    for decorator in step.function.decorators:
        if metaflow_name(decorator.qualified) != "environment":
            continue
        given = module.known(decorator.argument("vars"))
        for key, value in given.items if isinstance(given, Dict) else ():
            name = module.text(key) if key is not None else None
            written = module.text(value)
            if name and written and names_a_secret(name) and not [*tokens(written)]:
                yield name, value


def _is_written(parameter: Parameter) -> bool:
    """Whether the default is a string in the code with some content."""
    return bool(parameter.module.text(parameter.default))


def _is_harmless(written: Expression | None, value: Value | None) -> bool:
    """Whether a value cannot be a secret: `None`, a number, a truth value, an empty string."""
    if isinstance(written, Constant) and not written.value:
        return True
    plain = value is not None and value.kind is Kind.PLAIN
    return plain and value is not None and value.type in ("None", "bool", "int", "float")
