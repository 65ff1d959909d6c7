"""Flows that Metaflow accepts: steps in a line, splits, foreaches, switches, inside each other."""

from __future__ import annotations

from tests.agreement.choices import Choices
from tests.agreement.plans import LAYOUTS, ORDERS, NextText, Plan, StepText

WORDS = (
    "load clean words count model score plot report send store check merge fit tell tag rank"
).split()

BODIES = [
    [],
    ["self.size_now = 1"],
    ['"""What it does."""'],
    ["print('next')", "for each in range(3): print(each)"],
    ["if self.size:", "    print('yes')", "    return"],
    ["def inner():", "    return 1", "self.inner_result = inner()"],
    ["text = '''", "  self.next(self.nowhere)", "'''"],
    ["# self.next(self.nowhere)", "self.value = 'self.next()'  # a comment"],
    ["with open(__file__) as file: print(file)"],
]


class Builder:
    """Builds steps from the last to the first, since a step names those after it."""

    def __init__(self, choose: Choices) -> None:
        self.choose = choose
        self.steps: list[StepText] = []
        self.left = choose.number(1, 8)

    def step(self, following: NextText | None, **more: object) -> str:
        """Adds a step with a name of its own, and returns that."""
        number = len(self.steps)
        name = WORDS[number % len(WORDS)] + (str(number) if number >= len(WORDS) else "")
        body = self.choose.one_of(BODIES)
        self.steps.append(StepText(name, body=list(body), next=following, **more))
        self.left -= 1
        return name

    def line(self, after: str, *, joined: bool, depth: int = 0) -> str:
        """Blocks one after the other up to `after`; returns the first step."""
        first = after
        into_join = joined
        for _ in range(self.choose.number(1, 2 if depth else 3)):
            first = self.block(first, into_join, depth)
            into_join = False
        return first

    def block(self, after: str, joined: bool, depth: int) -> str:
        """One step, or a split or switch with all that belongs to it."""
        kinds = ["step"]
        if self.left > 0 and depth < 3:
            kinds += ["step", "split", "foreach", "parallel", "switch", "loop"]
        kind = self.choose.one_of(kinds)
        return getattr(self, f"_{kind}")(after, joined, depth)

    def _step(self, after: str, joined: bool, depth: int) -> str:
        decorators = self.choose.one_of([["@step"], ["@step"], ["@retry", "@step"]])
        return self.step(NextText([f"self.{after}"]), decorators=list(decorators))

    def _join(self, after: str) -> str:
        arguments = self.choose.one_of(["self, inputs", "self, inputs", "self, branches"])
        return self.step(NextText([f"self.{after}"]), arguments=arguments)

    def _split(self, after: str, joined: bool, depth: int) -> str:
        join = self._join(after)
        count = self.choose.number(2, 3)
        branches = [self.line(join, joined=True, depth=depth + 1) for _ in range(count)]
        return self.step(NextText([f"self.{branch}" for branch in branches]))

    def _foreach(self, after: str, joined: bool, depth: int) -> str:
        inner = self.line(self._join(after), joined=True, depth=depth + 1)
        return self.step(NextText([f"self.{inner}"], keywords={"foreach": "'items'"}))

    def _parallel(self, after: str, joined: bool, depth: int) -> str:
        following = NextText([f"self.{self._join(after)}"])
        inner = self.step(following, decorators=["@parallel", "@step"])
        return self.step(NextText([f"self.{inner}"], keywords={"num_parallel": "2"}))

    def _switch(self, after: str, joined: bool, depth: int) -> str:
        count = self.choose.number(2, 3)
        cases = []
        for _ in range(count):
            direct = not joined and self.choose.coin()
            cases.append(after if direct else self.line(after, joined=joined, depth=depth + 1))
        keys = self.choose.one_of(["'abc'", "123", "TF"])
        written = {
            "'abc'": ["'a'", "'b'", "'c'"],
            "123": ["1", "2", "3.5"],
            "TF": ["True", "False", "'c'"],
        }[keys]
        return self.step(
            NextText([f"self.{case}" for case in cases], written[:count], {"condition": "'kind'"})
        )

    def _loop(self, after: str, joined: bool, depth: int) -> str:
        if joined:
            after = self._step(after, joined, depth)
        name = self.step(None)
        self.steps[-1].next = NextText(
            [f"self.{name}", f"self.{after}"], ["'again'", "'done'"], {"condition": "'kind'"}
        )
        return name


def structure(choose: Choices) -> Plan:
    """A flow that Metaflow accepts."""
    if choose.number(0, 30) == 0:
        name = choose.one_of(["start", "end", "only"])
        return Plan([StepText(name)])
    builder = Builder(choose)
    last = choose.one_of(["end", "end", "end", "finish"])
    ending = ["@step"] if last == "end" else ["@step(end=True)"]
    builder.steps.append(StepText(last, decorators=ending))
    first = builder.line(last, joined=False)
    step = next(step for step in builder.steps if step.name == first)
    is_loop = step.next is not None and f"self.{first}" in step.next.targets
    if is_loop or choose.coin():
        builder.step(NextText([f"self.{first}"]))
        step = builder.steps[-1]
    name = choose.one_of(["start", "start", "start", "begin"])
    step.name = name
    if name != "start":
        step.decorators[step.decorators.index("@step")] = choose.one_of(
            ["@step(start=True)", "@step(start=True, end=False)"]
        )
    plan = Plan(builder.steps[::-1] if choose.coin() else list(builder.steps))
    _laid_out(choose, plan)
    return plan


def _laid_out(choose: Choices, plan: Plan) -> None:
    """Spreads the steps over several classes, and puts others of their names behind them."""
    plan.layout = choose.one_of(["single", "single", *LAYOUTS])
    order = ORDERS[plan.layout]
    if plan.layout == "single":
        return
    for step in list(plan.steps):
        place = choose.number(0, len(order) - 1)
        step.owner = order[place]
        if place + 1 < len(order) and choose.number(0, 4) == 0:
            hidden = choose.one_of(["plain", "other"])
            below = order[choose.number(place + 1, len(order) - 1)]
            target = choose.one_of(plan.names)
            following = NextText([f"self.{target}"]) if hidden == "other" else None
            decorators = ["@step"] if hidden == "other" else []
            plan.steps.append(
                StepText(step.name, decorators=decorators, next=following, owner=below)
            )
