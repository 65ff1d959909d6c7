"""Flows as data that can be changed, and their text."""

from __future__ import annotations

from dataclasses import dataclass, field

HEADER = "from metaflow import FlowSpec, catch, parallel, retry, step\n"


@dataclass
class NextText:
    """The parts of a call of `self.next`, as text; `cases` are the keys of a switch."""

    targets: list[str]
    cases: list[str] | None = None
    keywords: dict[str, str] = field(default_factory=dict)
    function: str = "self.next"

    def __str__(self) -> str:
        given = list(self.targets)
        if self.cases is not None:
            pairs = zip(self.cases, [t.lstrip("*") for t in self.targets], strict=True)
            given = ["{" + ", ".join(f"{key}: {target}" for key, target in pairs) + "}"]
        given += [
            f"{name}={value}" if name != "**" else f"**{value}"
            for name, value in self.keywords.items()
        ]
        return f"{self.function}({', '.join(given)})"


@dataclass
class StepText:
    """A method: `frame` puts its `{next}` in its place, and may be more than a line."""

    name: str
    arguments: str = "self"
    decorators: list[str] = field(default_factory=lambda: ["@step"])
    body: list[str] = field(default_factory=list)
    next: NextText | None = None
    frame: str = "{next}"
    prefix: str = ""
    owner: int = 0

    def lines(self) -> list[str]:
        """The method's text, a line each, as it stands in a class."""
        inner = list(self.body)
        if self.next is not None:
            inner += self.frame.format(next=self.next).split("\n")
        return [
            *(f"    {decorator}" for decorator in self.decorators),
            f"    {self.prefix}def {self.name}({self.arguments}):",
            *(f"        {line}" for line in inner or ["pass"]),
        ]


LAYOUTS = {
    "single": [("Flow", "FlowSpec")],
    "derived": [("Base", "FlowSpec"), ("Flow", "Base")],
    "mixin": [("Mixin", ""), ("Flow", "Mixin, FlowSpec")],
    "mixins": [
        ("First", ""),
        ("Second", ""),
        ("Base", "FlowSpec"),
        ("Flow", "First, Second, Base"),
    ],
    "diamond": [("Root", "FlowSpec"), ("Left", "Root"), ("Right", "Root"), ("Flow", "Left, Right")],
    "generic": [
        ("Base", "FlowSpec"),
        ("Middle", "Base"),
        ("Mixin", "object"),
        ("Flow", "Mixin, Middle"),
    ],
}
"""The classes of a flow with their bases; the last is the flow."""

ORDERS = {
    "single": [0],
    "derived": [1, 0],
    "mixin": [1, 0],
    "mixins": [3, 0, 1, 2],
    "diamond": [3, 1, 2, 0],
    "generic": [3, 2, 1, 0],
}
"""The order in which Python looks into them."""


@dataclass
class Plan:
    """A flow: its steps in the order of the text, and its classes."""

    steps: list[StepText]
    layout: str = "single"

    @property
    def names(self) -> list[str]:
        """The names of its steps."""
        return list(dict.fromkeys(step.name for step in self.steps))

    def __str__(self) -> str:
        lines = [HEADER]
        for number, (name, bases) in enumerate(LAYOUTS[self.layout]):
            lines += ["", f"class {name}({bases}):" if bases else f"class {name}:"]
            lines.append("    size = 3")
            for step in self.steps:
                if step.owner == number:
                    lines += ["", *step.lines()]
            lines.append("")
        return "\n".join([*lines, "", 'if __name__ == "__main__":', "    Flow()", ""])
