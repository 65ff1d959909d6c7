"""MF506."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.metaflow_calls import expected_to_fail, metaflow_calls
from lint_rules.analysis.s3_objects import (
    Kinds,
    closed_clients,
    late_reads,
    reads_content,
    returned_kind,
)
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Attribute, Call, Expression, Function, Name, Statement
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Rule
from lint_rules.settings.groups import Group

_HELP = "read it inside the `with` block, and keep its `text` or `blob`"


class S3ObjectOutlivesClient(Rule):
    """
    ## What it does
    Checks that steps read what `S3` downloads before its client is closed: inside the `with` block,
    and not in a later step.

    ## Why is this bad?
    `S3` downloads into a temporary folder, and deletes it at the end of the `with` block or by
    `close()`. The objects that `get`, `get_many` and similar methods return contain only the path
    of the file. Later, `text`, `blob` and `open(obj.path)` fail with
    `FileNotFoundError: [Errno 2] No such file or directory: '…/metaflow.s3.…'`. If an artifact
    contains such an object or its path, the next step fails in the same way.

    You can read `url`, `key` and `size` at any time.

    ## References
    Metaflow, "Loading and storing data": "Data in S3".
    """

    code, name = "MF506", "s3-object-outlives-client"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import S3, FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    with S3(run=self) as s3:
                        s3.put("papers", "1706.03762")
                        papers = s3.get("papers")
                    print(papers.url, papers.text)
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="papers.text",
        ),
        Bad(
            """
            from metaflow import S3, FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    with S3(run=self) as s3:
                        s3.put("papers", "1706.03762")
                        self.path = s3.get("papers").path
                    self.next(self.end)

                @step
                def end(self):
                    with open(self.path) as file:
                        print(file.read())
            """,
            at="self.path",
        ),
    ]
    good = [
        """
        from metaflow import S3, FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                with S3(run=self) as s3:
                    s3.put("papers", "1706.03762")
                    found = s3.get("papers")
                    self.papers = found.text
                print(found.url, found.size)
                self.next(self.end)

            @step
            def end(self):
                print(self.papers)
        """,
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        if not metaflow_calls(module).get("S3"):
            return
        functions = [d for d in module.descendants.definitions if isinstance(d, Function)]
        for function in functions:
            for closed in closed_clients(function):
                for read in late_reads(function, closed.kinds, closed.end):
                    if read not in expected_to_fail(module):
                        yield self._read(read, closed.statement)
            yield from self._of_calls(function, module)
        for flow in module.flows:
            yield from self._artifacts(flow)

    def _read(self, read: Expression, client: Statement) -> Finding:
        return self.finding(
            read,
            "The S3 client deletes this file when it closes, before this code reads it",
            _HELP,
            related=[(client, "the client")],
        )

    def _of_calls(self, function: Function, module: Module) -> Iterator[Finding]:
        """The reads of what the file's own functions return of closed clients."""
        names: Kinds = {}
        makers: list[Function] = []
        for name, bindings in function.locals.items():
            source = bindings[0].source if len(bindings) == 1 and not bindings[0].path else None
            made = _called(source, function, module)
            kind = returned_kind(made) if made is not None else None
            if made is not None and kind is not None:
                names[name] = kind
                makers.append(made)
        if names:
            for read in late_reads(function, names, 0):
                yield self._read(read, closed_clients(makers[0])[0].statement)
        for member in function.descendants.attributes:
            made = _called(member.value, function, module)
            kind = returned_kind(made) if made is not None else None
            if made is not None and kind is not None:
                marker = Attribute(
                    member.file,
                    member.start,
                    member.end,
                    Name(member.file, member.start, member.end, "it", function.scope, "load"),
                    member.name,
                )
                if reads_content(marker, {"it": kind}):
                    yield self._read(member, closed_clients(made)[0].statement)

    def _artifacts(self, flow: Flow) -> Iterator[Finding]:
        """The artifacts that hold objects or paths, and are read in other steps."""
        for step in flow.steps:
            me = step.function.self_name
            kinds = {
                name: kind
                for closed in closed_clients(step.function)
                for name, kind in closed.kinds.items()
                if name.startswith(f"{me}.")
            }
            for artifact in step.artifacts:
                name = f"{me}.{artifact.name}"
                if name in kinds and len(flow.artifacts.get(artifact.name, ())) == 1:
                    for other in flow.definition.functions:
                        its = {f"{other.self_name}.{artifact.name}": kinds[name]}
                        read = next(late_reads(other, its, 0), None)
                        if other is not step.function and read is not None:
                            yield self.finding(
                                artifact,
                                f"The S3 client deletes the file of `{artifact.name}` when it "
                                f"closes, but `{other.name}` reads it later",
                                _HELP,
                                related=[(read, "read here")],
                            )
                            break


def _called(value: Expression | None, function: Function, module: Module) -> Function | None:
    """The function of the file, or method of the same class, that a call calls."""
    if not isinstance(value, Call) or not isinstance(value.function, Name):
        return None
    owner, _, name = value.function.name.rpartition(".")
    if not owner:
        return module.functions.get(name) if value.function.qualified is None else None
    for definition in module.classes.values():
        if function in definition.functions and owner == function.self_name:
            return next((one for one in definition.functions if one.name == name), None)
    return None
