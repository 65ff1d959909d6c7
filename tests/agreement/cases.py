"""Flows on which Metaflow and the rules did not agree once, and kinds that chance seldom makes."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = "from metaflow import FlowSpec, parallel, step\n"
RUN = '\nif __name__ == "__main__":\n    Flow()\n'


@dataclass(frozen=True)
class Case:
    """A flow, whether Metaflow refuses it, and the codes of what the rules report."""

    name: str
    text: str
    is_refused: bool
    codes: list[str]


def steps(*lines: str, head: str = "class Flow(FlowSpec):") -> str:
    """A class of one-line steps: `start: next(self.end)`, `join(self, inputs): …`."""
    text = f"\n\n{head}\n"
    for line in lines:
        name, _, rest = line.partition(": ")
        taken = name if "(" in name else f"{name}(self)"
        text += f"    @step\n    def {taken}: {rest.replace('next(', 'self.next(') or 'pass'}\n"
    return text


def case(name: str, is_refused: bool, codes: str, *classes: str) -> Case:
    return Case(name, HEAD + "".join(classes) + RUN, is_refused, codes.split())


END = "end: "

CASES = [
    case("a flow of one step", False, "", steps("only: ")),
    case("one step that leads to itself", True, "MF805", steps("only: next(self.only)")),
    case("no steps", True, "MF804", "\n\nclass Flow(FlowSpec):\n    pass\n"),
    case(
        "a step of a base that another takes the place of",
        False,
        "",
        steps("start: next(self.end)", "end: next(self.end)", head="class Base(FlowSpec):"),
        steps(END, head="class Flow(Base):"),
    ),
    case(
        "a step in whose place is a method",
        True,
        "MF802",
        steps("start: next(self.work)", "work: next(self.end)", END, head="class Base(FlowSpec):"),
        "\n\nclass Flow(Base):\n    def work(self): return 1\n",
    ),
    case(
        "the nearer of two bases, in Python's order",
        False,
        "",
        steps("start: next(self.lost)", END, head="class Root(FlowSpec):"),
        "\n\nclass Left(Root):\n    pass\n",
        steps("start: next(self.end)", head="class Right(Root):"),
        "\n\nclass Flow(Left, Right):\n    pass\n",
    ),
    case(
        "a mixin's step that goes on in a loop",
        True,
        "MF801",
        "\n\nclass Mixin:\n    @step\n    def start(self):\n        for each in 'a':\n"
        "            self.next(self.end)\n",
        steps(END, head="class Flow(Mixin, FlowSpec):"),
    ),
    case(
        "a method called like the end, which the flow does without",
        False,
        "MF820",
        "\n\nclass Flow(FlowSpec):\n    def end(self): self.next(self.start)\n\n"
        "    @step\n    def start(self): pass\n",
    ),
    case(
        "the last of two steps of one name",
        False,
        "MF821",
        steps("start: next(self.lost)", "start: next(self.end)", END),
    ),
    case(
        "two splits into the same branches",
        False,
        "",
        steps(
            "start: next({1: self.p, 2: self.q}, condition='x')",
            "p: next(self.a, self.b)",
            "q: next(self.b, self.a)",
            "a: next(self.j)",
            "b: next(self.j)",
            "j(self, inputs): next(self.end)",
            END,
        ),
    ),
    case(
        "a branch that runs into a step of the other",
        False,
        "",
        steps(
            "start: next(self.a, self.b)",
            "a: next({1: self.c, 2: self.d}, condition='x')",
            "b: next(self.c)",
            "c: next(self.j)",
            "d: next(self.j)",
            "j(self, inputs): next(self.end)",
            END,
        ),
    ),
    case(
        "a split into one step twice",
        True,
        "MF812",
        steps("start: next(self.a, self.a)", "a: next(self.j)", "j(self, i): next(self.end)", END),
    ),
    case(
        "equal keys of a switch",
        True,
        "MF809",
        steps("start: next({1: self.a, True: self.end}, condition='x')", "a: next(self.end)", END),
    ),
    case(
        "True and its name are two keys",
        False,
        "",
        steps(
            "start: next({True: self.a, 'True': self.end}, condition='x')", "a: next(self.end)", END
        ),
    ),
    case(
        "the parallel end",
        True,
        "MF814",
        steps("start: next(self.end)") + "    @parallel\n    @step\n    def end(self): pass\n",
    ),
    case(
        "arguments that are not counted",
        False,
        "",
        steps("start(self, *, x=1): next(self.end)", "end(self, **more): "),
    ),
    case(
        "arguments before a slash",
        True,
        "MF807",
        steps("start(self, /): next(self.end)", END),
    ),
    case("an attribute of anything", False, "", steps("start: next(Flow.end)", END)),
    case(
        "a step called like a method of FlowSpec's",
        False,
        "",
        steps("start: next(self.script_name)", "script_name: next(self.end)", END),
    ),
    case(
        "a start in two roles",
        True,
        "MF804",
        "\n\nclass Flow(FlowSpec):\n    @step(end=True)\n    def start(self): "
        "self.next(self.end)\n\n    @step\n    def end(self): pass\n",
    ),
    case(
        "the first of two steps goes on after its transition",
        False,
        "MF821",
        "\n\nclass Flow(FlowSpec):\n    @step\n    def start(self):\n        self.next(self.end)\n"
        "        print()\n\n    @step\n    def start(self): self.next(self.end)\n\n"
        "    @step\n    def end(self): pass\n",
    ),
    case(
        "the only step may call self.next in a loop",
        False,
        "",
        "\n\nclass Flow(FlowSpec):\n    @step\n    def start(self):\n        for each in self.x:\n"
        "            self.next(self.start)\n",
    ),
    case(
        "the only step of a base is not the last of the flow that derives from it",
        True,
        "MF801",
        "\n\nclass Base(FlowSpec):\n    @step\n    def start(self):\n"
        "        return self.next(self.end)\n",
        steps(END, head="class Flow(Base):"),
    ),
    case(
        "the only step of a base and of the flow that derives from it",
        False,
        "",
        "\n\nclass Base(FlowSpec):\n    @step\n    def start(self):\n"
        "        return self.next(self.end)\n",
        "\n\nclass Flow(Base):\n    pass\n",
    ),
    case(
        "self.next inside a statement of a step that calls its first argument otherwise",
        True,
        "MF808",
        "\n\nclass Flow(FlowSpec):\n    @step\n    def start(flow):\n"
        "        done = self.next(flow.end)\n\n    @step\n    def end(self): pass\n",
    ),
]
