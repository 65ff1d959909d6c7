"""Changes of a flow, most of which Metaflow refuses."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

from tests.agreement.choices import Choices
from tests.agreement.plans import ORDERS, NextText, Plan, StepText
from tests.agreement.structures import structure

Mutation = Callable[[Choices, Plan], None]
MUTATIONS: list[Mutation] = []


def mutation(function: Mutation) -> Mutation:
    """Adds a change to those that are made."""
    MUTATIONS.append(function)
    return function


def _any(choose: Choices, plan: Plan) -> StepText:
    return choose.one_of(plan.steps)


def _leading(choose: Choices, plan: Plan) -> StepText | None:
    steps = [step for step in plan.steps if step.next is not None]
    return choose.one_of(steps) if steps else None


def _target(choose: Choices, plan: Plan) -> str:
    return "self." + choose.one_of(plan.names)


@mutation
def drop_step(choose, plan):
    if len(plan.steps) > 1:
        plan.steps.remove(_any(choose, plan))


@mutation
def rename_step(choose, plan):
    _any(choose, plan).name = choose.one_of(["renamed", "end", "start", *plan.names])


@mutation
def rename_everywhere(choose, plan):
    odd = ["trainModel", "_load", "input", "next", "name", "index", "cmd", "été", "x2", "_2", "__a"]
    old, new = choose.one_of(plan.names), choose.one_of(odd)
    for step in plan.steps:
        if step.name == old:
            step.name = new
        if step.next:
            step.next.targets = [
                f"self.{new}" if t == f"self.{old}" else t for t in step.next.targets
            ]


@mutation
def duplicate_step(choose, plan):
    twin = copy.deepcopy(_any(choose, plan))
    if twin.next and choose.coin():
        twin.next.targets = [_target(choose, plan) for _ in twin.next.targets]
    plan.steps.insert(choose.number(0, len(plan.steps)), twin)


@mutation
def drop_next(choose, plan):
    _any(choose, plan).next = None


@mutation
def retarget(choose, plan):
    step = _leading(choose, plan)
    if step and step.next.targets:
        at = choose.number(0, len(step.next.targets) - 1)
        step.next.targets[at] = _target(choose, plan)


@mutation
def unknown_target(choose, plan):
    step = _leading(choose, plan)
    if step and step.next.targets:
        at = choose.number(0, len(step.next.targets) - 1)
        step.next.targets[at] = choose.one_of(
            ["self.nowhere", "self.size", "self.merge_artifacts", "self.end"]
        )


@mutation
def odd_target(choose, plan):
    step = _leading(choose, plan)
    if step and step.next.targets:
        at = choose.number(0, len(step.next.targets) - 1)
        starred = "self.all_steps" if step.next.cases else "*self.all_steps"
        # A second mutation finds an odd target here: its last word is the name.
        name = re.findall(r"\w+", step.next.targets[at])[-1]
        step.next.targets[at] = choose.one_of(
            [
                f"'{name}'",
                name,
                f"self.{name}()",
                f"Flow.{name}",
                f"self.other.{name}",
                f"find().{name}",
                f"self.table['{name}']",
                starred,
                f"(self.{name})",
                f"self.{name} if self.size else self.{name}",
                f"[self.{name}]",
                f"lambda: self.{name}",
                "None",
            ]
        )


@mutation
def add_target(choose, plan):
    step = _leading(choose, plan)
    if step:
        step.next.targets.append(_target(choose, plan))
        if step.next.cases is not None:
            step.next.cases.append(choose.one_of(["'z'", "'a'", "1", "True", "None"]))


@mutation
def drop_target(choose, plan):
    step = _leading(choose, plan)
    if step and step.next.targets:
        step.next.targets.pop()
        if step.next.cases:
            step.next.cases.pop()


@mutation
def add_next(choose, plan):
    step = _any(choose, plan)
    step.next = NextText([_target(choose, plan)])


@mutation
def swap_next(choose, plan):
    one, two = _any(choose, plan), _any(choose, plan)
    one.next, two.next = two.next, one.next


@mutation
def same_next(choose, plan):
    one, two = _any(choose, plan), _any(choose, plan)
    one.next = copy.deepcopy(two.next)


ARGUMENTS = [
    "self, inputs",
    "self",
    "self",
    "",
    "self, inputs, more",
    "self, /",
    "*args",
    "self, *, x=1",
    "self, x=1",
    "self, inputs, /",
    "self, *inputs",
    "self, **inputs",
    "self: object, inputs: list = ()",
]


@mutation
def change_arguments(choose, plan):
    _any(choose, plan).arguments = choose.one_of(ARGUMENTS)


@mutation
def swap_arguments(choose, plan):
    one, two = _any(choose, plan), _any(choose, plan)
    one.arguments, two.arguments = two.arguments, one.arguments


@mutation
def toggle_inputs(choose, plan):
    step = _any(choose, plan)
    step.arguments = "self" if "inputs" in step.arguments else "self, inputs"


@mutation
def change_keywords(choose, plan):
    step = _leading(choose, plan)
    if step:
        step.next.keywords = choose.one_of(
            [
                {},
                {"foreach": "'items'"},
                {"for_each": "'items'"},
                {"foreach": "['a', 'b']"},
                {"foreach": "items"},
                {"num_parallel": "2"},
                {"parallel": "2"},
                {"num_parallel": "self.size"},
                {"condition": "'kind'"},
                {"condition": "kind"},
                {"condition": "''"},
                {"condition": "b'kind'"},
                {"condition": "f'kind'"},
                {"condition": "'ki' 'nd'"},
                {"foreach": "'items'", "num_parallel": "2"},
                {"condition": "'kind'", "foreach": "'items'"},
                {"condition": "'kind'", "other": "1"},
                {"foreach": "'items'", "other": "1"},
                {"**": "options"},
                {"foreach": "'items'", "**": "options"},
            ]
        )


@mutation
def change_cases(choose, plan):
    steps = [step for step in plan.steps if step.next and step.next.cases]
    if not steps:
        return
    step = choose.one_of(steps)
    at = choose.number(0, len(step.next.cases) - 1)
    step.next.cases[at] = choose.one_of(
        [
            "'a'",
            "True",
            "1",
            "1.0",
            "-1",
            "None",
            "...",
            "b'a'",
            "KEY",
            "self.key",
            "self.config.key",
            "self.config.deep.key",
            "config.key.deep",
            "f'a'",
            "'a' 'b'",
            "('a', 'b')",
            "'a'.upper()",
        ]
    )


@mutation
def make_switch(choose, plan):
    step = _leading(choose, plan)
    if step:
        count = len(step.next.targets)
        step.next.cases = [f"'{number}'" for number in range(count)]
        step.next.keywords = {"condition": "'kind'"}


@mutation
def make_split(choose, plan):
    step = _leading(choose, plan)
    if step:
        step.next.cases = None
        step.next.keywords = {}


@mutation
def drop_decorator(choose, plan):
    step = _any(choose, plan)
    if step.decorators:
        step.decorators.pop()
        step.decorators = [d for d in step.decorators if d.startswith("@step")]


@mutation
def change_decorators(choose, plan):
    step = _any(choose, plan)
    marks = [
        ["@step"],
        ["@step()"],
        ["@step(start=True)"],
        ["@step(end=True)"],
        ["@step(start=True, end=True)"],
        ["@step(start=False)"],
        ["@parallel", "@step"],
        ["@retry", "@step"],
        ["@catch(var='failed')", "@retry(times=2)", "@step"],
    ]
    step.decorators = list(choose.one_of(marks))


FRAMES = [
    "if self.size:\n    {next}",
    "with open('x') as file:\n    {next}",
    "for each in range(1):\n    {next}",
    "try:\n    {next}\nfinally:\n    pass",
    "{next}\nprint('done')",
    "{next}\n'a string'",
    "{next}\n{next}",
    "{next}\npass",
    "{next};",
    "print('x'); {next}",
    "return {next}",
    "done = {next}",
    "({next})",
    "{next}, 1",
    "{next} or 1",
    "lambda: {next}",
    "def later():\n    {next}\nlater()",
    "{next}  # on we go",
]


@mutation
def change_frame(choose, plan):
    _any(choose, plan).frame = choose.one_of(FRAMES)


@mutation
def other_self(choose, plan):
    step = _leading(choose, plan)
    if step:
        step.arguments = step.arguments.replace("self", "flow")
        if choose.coin():
            step.next.function = "flow.next"
        if choose.coin():
            step.next.targets = [t.replace("self.", "flow.") for t in step.next.targets]


@mutation
def other_function(choose, plan):
    step = _leading(choose, plan)
    if step:
        step.next.function = choose.one_of(
            ["self.nxt", "self.then.next", "next", "super().next", "(self).next"]
        )


@mutation
def make_async(choose, plan):
    _any(choose, plan).prefix = "async "


@mutation
def add_method(choose, plan):
    name = choose.one_of(["helper", "start", "end", *plan.names])
    following = NextText([_target(choose, plan)]) if choose.coin() else None
    owner = choose.one_of(ORDERS[plan.layout])
    at = choose.number(0, len(plan.steps))
    plan.steps.insert(at, StepText(name, decorators=[], next=following, owner=owner))


@mutation
def add_step(choose, plan):
    name = choose.one_of(["extra", "more", *plan.names])
    following = NextText([_target(choose, plan)]) if choose.coin() else None
    owner = choose.one_of(ORDERS[plan.layout])
    at = choose.number(0, len(plan.steps))
    plan.steps.insert(at, StepText(name, next=following, owner=owner))


@mutation
def move_step(choose, plan):
    _any(choose, plan).owner = choose.one_of(ORDERS[plan.layout])


def changed_flow(choose: Choices) -> str:
    """The text of a flow after up to three changes."""
    plan = structure(choose)
    for _ in range(choose.number(0, 3)):
        if plan.steps:
            choose.one_of(MUTATIONS)(choose, plan)
    return str(plan)
