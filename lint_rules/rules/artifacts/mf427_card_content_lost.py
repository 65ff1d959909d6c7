"""MF427."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.card_uses import (
    Card,
    additions,
    cards_of,
    may_have_more,
    takes_bare,
    type_without_component,
)
from lint_rules.analysis.reached_code import Reached, reached
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.metaflow import facts
from lint_rules.model.code import Expression
from lint_rules.model.flow import Flow
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Rule
from lint_rules.settings.groups import Group


class CardContentLost(Rule):
    """
    ## What it does
    Checks that a card gets what a step adds to it.

    `current.card.append` needs exactly one card, `current.card["id"]` needs a card with this id,
    and a card accepts only components.

    ## Why is this bad?
    The run continues, and the card is empty. The log says why, in a line that starts with
    `[@card WARNING]`:

    - "`current.card.append` cannot disambiguate between multiple editable cards": the step has
      several cards, each with an `id`, or several without. Use `current.card["id"].append`.
    - "`current.card['id']` is not present": no card of the step has this `id`.
    - "Multiple `@card` decorator have been annotated with duplicate ids": neither can be used.
    - "@card with id 'my-id' doesn't match REGEX pattern": only letters, digits and `_` are allowed.
    - "Component (…) is not a valid MetaflowCardComponent. It will not be stored": text,
      dictionaries and dataframes are not components. Use `Markdown`, `Artifact` or `Table`.

    ## References
    Metaflow, "Effortless task inspection with default cards": "Multiple cards in a step".
    """

    code, name = "MF427", "card-content-lost"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, card, current, step
            from metaflow.cards import Markdown


            class ArxivTopics(FlowSpec):
                @card(id="papers")
                @card(id="topics")
                @step
                def start(self):
                    current.card.append(Markdown("# Papers"))
                    current.card["topic"].append(Markdown("# Topics"))
                    self.next(self.end)

                @card
                @step
                def end(self):
                    current.card.append("# Done")
            """,
            at=("current.card.append", 'current.card["topic"]', '"# Done"'),
        ),
        Bad(
            """
            from metaflow import FlowSpec, card, step


            class ArxivTopics(FlowSpec):
                @card(id="papers")
                @card(id="papers")
                @step
                def start(self):
                    self.next(self.end)

                @card(id="all-topics")
                @step
                def end(self):
                    pass
            """,
            at=('"papers"', '"all-topics"'),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, card, current, step
        from metaflow.cards import Markdown


        class ArxivTopics(FlowSpec):
            @card
            @card(id="topics")
            @step
            def start(self):
                current.card.append(Markdown("# Papers"))
                current.card["topics"].append(Markdown("# Topics"))
                self.next(self.end)

            @card(id="papers", customize=True)
            @card(id="topics")
            @step
            def end(self):
                current.card.append(Markdown("# Papers"))
        """,
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.knows_its_bases or not any("card" in o.module.code for o in flow.lineage):
            return
        marked = set()
        for step in flow.reported_steps:
            for finding in self._in_step(step, flow):
                if finding.location not in marked:
                    marked.add(finding.location)
                    yield finding

    def _in_step(self, step: Step, flow: Flow) -> Iterator[Finding]:
        cards = cards_of(step)
        yield from self._ids(step, cards)
        if ".card" not in step.flow.module.code:
            return
        is_known = bool(cards) and all(card.is_known for card in cards)
        is_known = is_known and not may_have_more(step, flow)
        for one in reached(step, flow)[0]:
            for addition in additions(one.function.descendants):
                for component in addition.components:
                    yield from self._component(component, one, flow)
                if is_known and addition.id is not None:
                    yield from self._with_id(addition.at, addition.id, step, cards)
                elif is_known and addition.is_bare and not takes_bare(cards):
                    yield from self._bare(addition.at, step, cards)

    def _ids(self, step: Step, cards: list[Card]) -> Iterator[Finding]:
        """The ids of a step's cards that cannot be used."""
        editable = [card for card in cards if card.is_editable]
        seen: dict[str, Card] = {}
        for card in editable:
            at = card.decorator.arguments.get("id")
            if card.given_id is None or at is None:
                continue
            if card.id is None:
                yield self.finding(
                    at.value,
                    f"Metaflow does not accept `{card.given_id}` as the id of a card, so no step can "
                    "add to the card by its id",
                    "use only letters, digits and `_`",
                )
            elif card.id in seen:
                yield self.finding(
                    at.value,
                    f"Two cards of `{step.name}` have the id `{card.id}`, so no step can add "
                    "to either of them by this id",
                    "give each card an id of its own",
                    related=[(seen[card.id].decorator, "the other card")],
                )
            seen.setdefault(card.id or "", card)

    def _component(self, component: Expression, one: Reached, flow: Flow) -> Iterator[Finding]:
        type_ = type_without_component(component, one.code, flow)
        if type_ is None:
            return
        yield self.finding(
            component,
            f"A card accepts only components, so Metaflow leaves out this value of type `{type_}`",
            "wrap it: `Markdown(…)` for text, `Artifact(…)` for other values, "
            "`Table.from_dataframe(…)` for dataframes",
        )

    def _with_id(
        self, at: Expression, card_id: str, step: Step, cards: list[Card]
    ) -> Iterator[Finding]:
        given = [card.given_id for card in cards if card.given_id is not None]
        if card_id not in given:
            named = " and ".join(f"`{one}`" for one in given)
            yield self.finding(
                at,
                f"`{step.name}` has no card with the id `{card_id}`, so the card loses what this adds",
                f"use {named}" if named else f'write `@card(id="{card_id}")` on the step',
                related=[(card.decorator, "a card of the step") for card in cards[:3]],
            )

    def _bare(self, at: Expression, step: Step, cards: list[Card]) -> Iterator[Finding]:
        editable = [card for card in cards if card.is_editable]
        if editable:
            message = (
                f"`{step.name}` has {len(editable)} cards, and Metaflow does not know which of "
                "them this is for, so the card stays empty"
            )
            ids = [card.id for card in editable if card.id is not None]
            help = f'name the card: `current.card["{ids[0] if ids else "…"}"].append(…)`'
            help = help if ids else f'give each card an id, `@card(id="…")`, and {help}'
        else:
            message = f"The card of `{step.name}` has a type that accepts no components"
            kinds = " or ".join(f"`{kind}`" for kind in sorted(facts().editable_cards))
            help = f"use the type {kinds}"
        yield self.finding(
            at,
            message,
            help,
            related=[(card.decorator, "a card of the step") for card in cards[:3]],
        )
