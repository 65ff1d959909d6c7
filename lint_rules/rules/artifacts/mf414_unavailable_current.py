"""MF414."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.current_reads import (
    CurrentRead,
    meant,
    mentions_current,
    provides,
    reads_in_step,
)
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.metaflow import facts
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Rule
from lint_rules.settings.groups import Group

_BY_EVENT = frozenset({"trigger", "trigger_on_finish"})


class UnavailableCurrent(Rule):
    """
    ## What it does
    Checks that a step reads only attributes of `current` that exist there: `current.card` needs
    `@card` on the step, `current.parallel` needs `@parallel`, and `current.trigger` needs an event
    that started the run.

    ## Why is this bad?
    A decorator adds the attribute to `current` only for its own step. Other steps fail with
    `AttributeError: 'Current' object has no attribute 'card'`. `current.trigger` is missing even
    with `@trigger` or `@trigger_on_finish` when somebody starts the run by hand or on a schedule.
    Call `current.get("trigger")` first.

    Names that `current` never has fail in each run. Write `current.username` instead of
    `current.user`, and `current.step_name` instead of `current.step`. For the attributes that
    `@project` adds, see `production-without-project`.

    The rule reports only what a step always reads. It does not report code in a branch or in a
    `try:`, or attributes that the step checks with `current.get`, `hasattr` or `in`.

    ## References
    Metaflow, "Accessing current IDs in a flow"; "Effortless task inspection with default cards";
    "Triggering flows based on external events".
    """

    code, name = "MF414", "unavailable-current"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, card, current, step
            from metaflow.cards import Markdown


            class ArxivTopics(FlowSpec):
                @card
                @step
                def start(self):
                    current.card.append(Markdown("# Papers"))
                    self.next(self.end)

                @step
                def end(self):
                    current.card.append(Markdown("# Topics"))
            """,
            at="current.card",
        ),
        Bad(
            """
            from metaflow import FlowSpec, current, step, trigger_on_finish


            @trigger_on_finish(flow="ArxivPapers")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = current.trigger.run.data.papers
                    self.next(self.end)

                @step
                def end(self):
                    print(current.user)
            """,
            at=("current.trigger", "current.user"),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, card, current, step, trigger
        from metaflow.cards import Markdown


        @trigger(event="papers")
        class ArxivTopics(FlowSpec):
            @card
            @step
            def start(self):
                current.card.append(Markdown("# Papers"))
                if current.get("trigger"):
                    print(current.trigger.event.name)
                self.next(self.end)

            @step
            def end(self):
                if hasattr(current, "card"):
                    current.card.append(Markdown(f"# Topics of {current.username}"))
        """,
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.knows_its_bases:
            return
        marked = set()
        for step in flow.reported_steps:
            if not mentions_current(step.flow.module):
                continue
            for read in reads_in_step(step, flow):
                if read.at.location not in marked:
                    finding = self._finding(read, flow)
                    if finding is not None:
                        marked.add(read.at.location)
                        yield finding

    def _finding(self, read: CurrentRead, flow: Flow) -> Finding | None:
        providers = facts().current_properties.get(read.name)
        step = read.step.name
        related = [(read.via, f"`{step}` calls the method here")] if read.via else []
        if providers is None:
            right = meant(read.name)
            if right is None or provides(read.step, flow, read.name):
                return None
            message = f"`current` has no attribute `{read.name}`, which `{step}` asks for"
            return self.finding(read.at, message, f"write `current.{right}`", related=related)
        if not providers or "project" in providers:
            return None
        if providers <= _BY_EVENT:
            return self.finding(
                read.at,
                f"`current.{read.name}` does not exist when somebody starts `{flow.name}` by hand",
                f'ask `if current.get("{read.name}"):` first',
                related=related,
            )
        if provides(read.step, flow, read.name):
            return None
        names = sorted(providers)
        return self.finding(
            read.at,
            f"`current.{read.name}` does not exist in `{step}`, because the step has no "
            f"`@{names[0]}`",
            f'put `@{names[0]}` on `{step}`, or ask `hasattr(current, "{read.name}")` first',
            related=related,
        )
