"""MF502."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import (
    Assignment,
    Call,
    Definition,
    Dict,
    Expression,
    Location,
    Subscript,
)
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_BACKEND = re.compile(
    r"METAFLOW_(DEFAULT_)?(DATASTORE|DATATOOLS|METADATA|SERVICE_(INTERNAL_)?URL|PROFILE|HOME"
    r"|S3_ENDPOINT)"
)


class HardcodedBackend(Rule):
    """
    ## What it does
    Checks for flow files that set the datastore or the metadata service in code, with
    `os.environ["METAFLOW_DEFAULT_DATASTORE"] = …` and similar code, or with
    `metaflow.metadata("…")`.

    ## Why is this bad?
    The right place for results depends on who runs the flow, and why: your own machine during
    development, and the shared datastore in production. If the code sets it too, code and command
    line can disagree. Which one applies then depends on the order of imports.

    ## References
    The guide, "Where results go": use an option or the environment.
    """

    code, name = "MF502", "hardcoded-backend"
    group = Group.STYLE
    bad = [
        Bad(
            """
            import os

            os.environ["METAFLOW_DEFAULT_DATASTORE"] = "s3"

            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at='os.environ["METAFLOW_DEFAULT_DATASTORE"]',
        ),
        Bad(
            """
            from os import environ

            import metaflow as mf

            KEY = "METAFLOW_DATASTORE_SYSROOT_S3"


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    mf.metadata("https://metadata.example.org")
                    environ[KEY] = "s3://arxiv"


            if __name__ == "__main__":
                environ.setdefault("METAFLOW_DEFAULT_METADATA", "service")
                environ.update({"PATH": "", "METAFLOW_PROFILE": "dev"})
                ArxivTopics()
            """,
            at=(
                'mf.metadata("https://metadata.example.org")',
                "environ[KEY]",
                '"METAFLOW_DEFAULT_METADATA"',
                '"METAFLOW_PROFILE"',
            ),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                pass
        """,
        Good(
            """
            import os

            from metaflow import FlowSpec, step

            os.environ["METAFLOW_CARD_NO_WARNING"] = "1"
            os.environ["TOKENIZERS_PARALLELISM"] = "false"


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    print(os.environ["METAFLOW_DEFAULT_DATASTORE"])
            """,
            why="Other settings, and code that reads a setting.",
        ),
        Good(
            """
            import os

            from metaflow import Flow, metadata

            os.environ["METAFLOW_DEFAULT_DATASTORE"] = "s3"
            metadata("https://metadata.example.org")
            """,
            why="A program that is not a flow has to set it in code.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        flow = next(iter(module.runnable), None)
        if flow is None:
            return
        places = sorted(_chosen(module))
        for place, what in places:
            yield Finding(
                self.code,
                self.name,
                place,
                f"The file of the flow `{flow.name}` sets `{what}` for all users",
                "remove it, and use a profile, the environment, or an option such as "
                "`--datastore` or `--metadata`",
                group=self.group,
            )


def _chosen(module: Module) -> Iterator[tuple[Location, str]]:
    """The code that sets a backend, and what it sets."""
    definitions = (d for d in module.descendants.definitions if isinstance(d, Definition))
    bodies = [module.statements, *(d.statements for d in definitions)]
    for statement in (s for body in bodies for s in body):
        if isinstance(statement, Assignment):
            for target in statement.targets:
                if isinstance(target, Subscript) and target.value.qualified == "os.environ":
                    key = _backend(target.index[0], module) if target.index else None
                    if key:
                        yield target.location, key
    for call in module.descendants.calls:
        if metaflow_name(call.function.qualified) == "metadata" and call.arguments:
            yield call.location, "metadata"
        for given in _keys(call):
            key = _backend(given, module)
            if key:
                yield given.location, key


def _keys(call: Call) -> Iterator[Expression]:
    """The names of environment variables that a call sets."""
    function = call.function.qualified
    if function in ("os.environ.setdefault", "os.putenv"):
        yield from call.positional[:1]
    elif function == "os.environ.update":
        for value in call.positional[:1]:
            if isinstance(value, Dict):
                yield from (key for key, _ in value.items if key is not None)


def _backend(key: Expression, module: Module) -> str | None:
    text = module.text(key)
    return text if text and _BACKEND.match(text) else None
