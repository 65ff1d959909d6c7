"""MF704."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lint_rules.analysis.events import is_none, waited_for
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Collection, Constant, Decorator, Dict, Expression
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name
from lint_rules.rules.base import Bad, Good, HasLocation, Rule
from lint_rules.settings.groups import Group

_REFUSED = re.compile(r"[^A-Za-z0-9_.\-]")


class TriggerArguments(Rule):
    """
    ## What it does
    Checks the arguments of `@trigger` and `@namespaced_trigger`: either `event` or `events`, at
    least one event, no event twice, and no characters that Argo Events does not accept.

    ## Why is this bad?
    Metaflow refuses to load a flow if its `@trigger` names no event, names an event twice, or has
    both arguments. `@namespaced_trigger` does the same. It also removes characters that Argo Events
    does not accept in a name. If you write `new papers`, the flow waits for `newpapers`.

    ## References
    Metaflow, "Triggering flows based on external events". The guide, "Events" and "Event name
    sanitization" of `@namespaced_trigger`.
    """

    code, name = "MF704", "trigger-arguments"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step, trigger


            @trigger(event="papers", events=["authors"])
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at='@trigger(event="papers", events=["authors"])',
        ),
        Bad(
            """
            import metaflow as mf


            @mf.trigger
            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    pass


            @mf.trigger(events=[])
            class ArxivAuthors(mf.FlowSpec):
                @mf.step
                def start(self):
                    pass
            """,
            at=("@mf.trigger", "[]"),
        ),
        Bad(
            """
            from metaflow import FlowSpec, step

            from arxiv_topics.events import namespaced_trigger

            PAPERS = "papers"


            @namespaced_trigger(events=["papers", "new authors", {"name": PAPERS}])
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at=('"new authors"', "PAPERS"),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step, trigger


        @trigger(events=["papers", {"name": "authors", "parameters": {"year": "year"}}])
        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, config_expr, step, trigger

            from arxiv_topics.events import namespaced_trigger


            @trigger(event="https://example.org/papers")
            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    pass


            @trigger(events=config_expr("events"))
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass


            @namespaced_trigger(event=None, events=["papers", "authors"])
            class ArxivAuthors(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="Metaflow's own takes any name, a config is unknown, and `None` is not an event.",
        ),
        Good(
            """
            from metaflow import FlowSpec, step, trigger


            @trigger("papers")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="The argument has no name. See `decorator-arguments`.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for owner in flow.lineage:
            for decorator in owner.decorators:
                own = metaflow_name(decorator.qualified) != "trigger"
                if own and decorator.name not in self.settings.event_decorators:
                    continue
                for at, problem, remedy in _problems(decorator, owner.module, own=own):
                    yield self.finding(
                        at, f"`@{decorator.name}` of the flow `{flow.name}` {problem}", remedy
                    )


def _problems(
    decorator: Decorator, module: Module, *, own: bool
) -> Iterator[tuple[HasLocation, str, str]]:
    """The wrong arguments of a decorator, what is wrong with each, and what to do.

    Args:
        own: whether it is a custom decorator, not Metaflow's `@trigger`.
    """
    call = decorator.call
    if call is not None and (call.has_unpacking or call.positional):
        return
    event, events = (module.known(decorator.argument(name)) for name in ("event", "events"))
    if _is_given(event) and _is_given(events):
        yield decorator, "has both `event` and `events`", "list all events in `events`"
        return
    if not _is_given(event) and not _is_given(events):
        at = events if events is not None and not is_none(events) else decorator
        yield at, "names no event", 'write `event="…"` or `events=["…", "…"]`'
        return
    seen: set[str] = set()
    for named in waited_for(decorator, module):
        if named.name is None:
            continue
        if named.name in seen:
            yield named, f"names `{named.name}` twice", "name each event once"
        elif own and _REFUSED.search(named.name):
            kept = _REFUSED.sub("", named.name)
            yield (
                named,
                f"waits for `{kept}`, because it removes characters of `{named.name}`",
                "use only letters, digits, `_`, `-` and `.`",
            )
        seen.add(named.name)


def _is_given(value: Expression | None) -> bool:
    """Whether an argument has a value: Metaflow ignores an empty one."""
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, Collection | Dict):
        return bool(value.items)
    return value is not None
