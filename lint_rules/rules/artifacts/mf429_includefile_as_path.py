"""MF429."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.included_files import (
    ARGUMENT,
    METHOD,
    PATH,
    WrongUse,
    is_bytes,
    wrong_uses,
)
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class IncludefileAsPath(Rule):
    """
    ## What it does
    Checks that steps use the value of an `IncludeFile` as the content of the file: `str`, or
    `bytes` with `is_text=False`.

    ## Why is this bad?
    Metaflow reads the file when the run starts, and each step gets its content. There is no path.
    Code that opens the value fails with "FileNotFoundError: [Errno 2] No such file or directory:"
    and the whole content, or with "OSError: File name too long". Code that reads it like an open
    file fails with "AttributeError: 'str' object has no attribute 'read'". `csv.reader` reads each
    character as a line, without an error. With `is_text=False` the value is `bytes`, and text
    methods fail: "a bytes-like object is required, not 'str'".

    ## References
    Metaflow, "Passing parameters to flows": local files as parameters.
    """

    code, name = "MF429", "includefile-as-path"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            import csv

            from metaflow import FlowSpec, IncludeFile, step


            class ArxivTopics(FlowSpec):
                papers = IncludeFile("papers", default="papers.csv")
                words = IncludeFile("words", is_text=False, default="words.txt")

                @step
                def start(self):
                    with open(self.papers) as file:
                        self.rows = file.readlines()
                    self.titles = list(csv.reader(self.papers))
                    self.known = self.words.split("\\n")
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=("open(self.papers)", "csv.reader(self.papers)", 'self.words.split("\\n")'),
        ),
    ]
    good = [
        Good(
            """
            import csv
            import io

            from metaflow import FlowSpec, IncludeFile, Parameter, step


            class ArxivTopics(FlowSpec):
                papers = IncludeFile("papers", default="papers.csv")
                words = IncludeFile("words", is_text=False, default="words.txt")
                path = Parameter("path", default="topics.txt")

                @step
                def start(self):
                    with open(self.path) as file:
                        self.topics = file.read()
                    self.titles = list(csv.reader(io.StringIO(self.papers)))
                    self.known = self.words.decode().split("\\n")
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="The flow reads the content, and `path` is a parameter that contains a path.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for found in wrong_uses(flow):
            if any(found.function in owner.definition.functions for owner in flow.lineage):
                yield self._of(found)

    def _of(self, found: WrongUse) -> Finding:
        name = found.parameter.attribute
        kind = "bytes" if is_bytes(found.parameter) else "str"
        related = [(found.parameter, "defined here")]
        if found.how in (METHOD, ARGUMENT):
            message = (
                f"`{name}` contains the content of a file as `{kind}`, and `{found.what}` fails"
            )
            if kind == "str":
                help = "use it as the `str` that it is, or write `is_text=False`"
            else:
                help = f"write `self.{name}.decode()` to get text, or remove `is_text=False`"
            return self.finding(found.at, message, help, related=related)
        as_what = "a path" if found.how == PATH else "an open file"
        message = (
            f"`{found.what}` takes the IncludeFile `{name}` for {as_what}, but its value is the "
            f"content of the file, as `{kind}`"
        )
        wrapper = "io.BytesIO" if kind == "bytes" else "io.StringIO"
        return self.finding(
            found.at,
            message,
            f"use `self.{name}` itself, or `{wrapper}(self.{name})` if the code needs an open file",
            related=related,
        )
