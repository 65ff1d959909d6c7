"""Cases of the rules that would make their pages long: a file a rule, named for its code.

What a reader of a page should see is an example of the rule itself.
"""

from __future__ import annotations

import importlib
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Case:
    """Code, and what a rule makes of it.

    Attributes:
        shows: what the case is about.
        at: the texts that the findings mark, in order.
        fixed: the text after the fix, `None` if there is none.
        says: texts that stand in the messages or remedies, in order.
    """

    shows: str
    code: str
    at: tuple[str, ...] = ()
    fixed: str | None = None
    says: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    packages: Mapping[str, str] = field(default_factory=dict)


def flow(start="pass", end="pass", *, top="", above="", body="", below=""):
    """A flow file with these texts: the work of its steps, and what stands around them."""
    return f"""\
from metaflow import FlowSpec, Parameter, current, project, step
{_block(top, 0)}

{_block(above, 0)}class ArxivTopics(FlowSpec):
{_block(body, 4)}    @step
    def start(self):
{_block(start, 8)}        self.next(self.end)

    @step
    def end(self):
{_block(end, 8)}{_block(below, 0)}"""


def named(name):
    """The file of a flow of this name."""
    return (
        "from metaflow import FlowSpec, step\n\n\n"
        f"class {name}(FlowSpec):\n    @step\n    def start(self): pass\n"
    )


def _block(text, indent):
    return textwrap.indent(textwrap.dedent(text).strip("\n") + "\n", indent * " ") if text else ""


def cases():
    """All cases with the codes of their rules."""
    for file in sorted(Path(__file__).parent.glob("mf*.py")):
        module = importlib.import_module(f"{__name__}.{file.stem}")
        for case in module.CASES:
            yield file.stem.upper(), case
