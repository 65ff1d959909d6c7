"""MF507."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.inference import Kind
from lint_rules.analysis.metaflow_calls import expected_to_fail, metaflow_calls
from lint_rules.analysis.s3_calls import (
    SCHEME,
    S3Call,
    beginning,
    is_url,
    not_storable,
    reader_at,
    s3_calls,
)
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Call, Collection, Expression, Starred
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class S3Arguments(Rule):
    """
    ## What it does
    Checks the arguments of the methods of `S3`: keys that fit the client, text or bytes to store,
    and a list for methods that take several objects.

    ## Why is this bad?
    The call fails whenever it runs:

    - `S3(run=self)` and `S3(s3root=…)` take keys below their root. A URL fails with
      `MetaflowS3URLException: Don't use absolute S3 URLs when the S3 client is initialized with a prefix`.
    - `S3()` takes whole URLs, as `s3://bucket/key`. A key alone fails with
      `Specify S3(run=self) when you use S3 inside a running flow`.
    - `put` stores text, bytes and binary files. Anything else fails with
      `MetaflowS3InvalidObject: Object corresponding to the key '…' is not a string or a bytes object`.
      Use `json.dumps` or `pickle.dumps`.
    - `put_many` and `put_files` take pairs. From a dictionary, they take only the keys. They read
      the first two letters of each key as the pair and store that, or fail with
      `IndexError: string index out of range`. Pass `….items()`.
    - `get_many` takes a list. It reads each letter of a string as a key.

    ## References
    Metaflow, "Loading and storing data": "Data in S3".
    """

    code, name = "MF507", "s3-arguments"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import S3, FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    with S3(run=self) as s3:
                        s3.put("papers", {"1706.03762": "Attention"})
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at='{"1706.03762": "Attention"}',
        ),
        Bad(
            """
            from metaflow import S3, FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    with S3() as s3:
                        print(s3.get("papers").text)
                    self.next(self.end)

                @step
                def end(self):
                    with S3(s3root="s3://arxiv/topics") as s3:
                        print(s3.get("s3://arxiv/papers").text)
            """,
            at=('"papers"', '"s3://arxiv/papers"'),
        ),
    ]
    good = [
        """
        import json

        from metaflow import S3, FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                papers = {"1706.03762": "Attention"}
                with S3(run=self) as s3:
                    s3.put("papers", json.dumps(papers))
                    s3.put_many(papers.items())
                    print(s3.get_many(["papers", "1706.03762"]))
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import S3


            def papers(run, key, bucket):
                with S3() as s3:
                    print(s3.get(f"s3://{bucket}/papers"), s3.get(key))
                return S3(run=run).get(f"{bucket}/papers")
            """,
            why="A URL, and keys that the linter does not know.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        for client in metaflow_calls(module).get("S3", ()):
            yield from self._root(client, module)
        for one in s3_calls(module):
            if one.call not in expected_to_fail(module):
                yield from self._call(one, module)

    def _root(self, client: Call, module: Module) -> Iterator[Finding]:
        given = client.argument("s3root", 4)
        if given is None or client.has_unpacking:
            return
        begun = beginning(given, module)[0]
        if begun and not SCHEME.startswith(begun) and not begun.startswith(SCHEME):
            yield self.finding(given, "`s3root` must be a URL of S3", f"begin it with `{SCHEME}`")

    def _call(self, one: S3Call, module: Module) -> Iterator[Finding]:
        given = one.given(0)
        if given is None:
            return
        takes = one.method.takes
        if takes.startswith("one"):
            yield from self._key(given, one, module)
            value = one.given(1)
            if takes == "one with a value" and value is not None:
                yield from self._value(value, one, module)
        elif takes.startswith("many"):
            yield from self._many(given, one, module)

    def _many(self, given: Expression, one: S3Call, module: Module) -> Iterator[Finding]:
        found = reader_at(one, module).value(given)
        type_ = found.type if found is not None and found.kind is Kind.PLAIN else ""
        is_pairs = one.method.takes != "many"
        if type_ == "str" or (is_pairs and type_.partition("[")[0] == "dict"):
            what = "a string" if type_ == "str" else "a dictionary"
            help = "give it a list"
            if type_ != "str":
                help = f"give it the pairs: `{module.code_of(given)}.items()`"
            yield self.finding(given, f"`{one.name}` takes a list, but this is {what}", help)
            return
        items = module.known(given)
        for item in items.items if isinstance(items, Collection) else ():
            pair = module.known(item)
            if not is_pairs and not isinstance(item, Starred):
                yield from self._key(item, one, module)
            elif isinstance(pair, Collection) and len(pair.items) == 2 and pair is item:
                yield from self._key(pair.items[0], one, module)
                if one.method.takes == "many with values":
                    yield from self._value(pair.items[1], one, module)

    def _key(self, key: Expression, one: S3Call, module: Module) -> Iterator[Finding]:
        begun, is_whole = beginning(key, module)
        if one.root == "some" and begun.startswith(SCHEME):
            yield self.finding(
                key,
                f"This S3 client has a root, but `{one.name}` gets a whole URL",
                "give it the key below the root, or use `S3()`",
                related=[(one.client, "the client")],
            )
        elif one.root == "none" and begun and is_url(begun, is_whole) is False:
            yield self.finding(
                key,
                f"This S3 client has no root, so `{one.name}` needs a whole URL",
                "create the client with `S3(run=self)`, or write `s3://bucket/key`",
                related=[(one.client, "the client")],
            )

    def _value(self, value: Expression, one: S3Call, module: Module) -> Iterator[Finding]:
        what = not_storable(value, one, module)
        if what is not None:
            yield self.finding(
                value,
                f"`{one.name}` stores text, bytes and binary files, but this is {what}",
                "turn it into text or bytes with `json.dumps(…)` or `pickle.dumps(…)`",
            )
