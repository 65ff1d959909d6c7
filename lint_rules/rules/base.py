"""What a rule is."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Protocol, get_type_hints

from lint_rules.diagnostics.diagnostic import Edit, Finding, Fix, Joint, Related, Safety
from lint_rules.model.code import Definition, Location
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.project import Project
from lint_rules.model.step import Step

DOCS = "https://github.com/org/template/blob/main/docs/rules"


class HasLocation(Protocol):
    """Anything of the model that knows where it is."""

    @property
    def location(self) -> Location:
        """Where it is."""


@dataclass(frozen=True)
class Bad:
    """Code that breaks a rule: an example in the rule's page and a test at once.

    Attributes:
        code: the file's text; its indentation is taken off.
        at: the texts that the findings mark, in order; one text for one finding.
        fixed: the text after the rule's fix, `None` where the rule offers none.
    """

    code: str
    at: str | tuple[str, ...]
    fixed: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)
    """Files that stand around it (`{"own/__init__.py": "…"}`); the code itself is `flow.py`."""


@dataclass(frozen=True)
class Good:
    """Code that keeps a rule though it may not look so; `why` says what it shows."""

    code: str
    why: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)


class Rule:
    """A sentence of the guide that a reader of code can check.

    A rule is a class with a `check` method; the annotation of its argument (`Module`, `Flow`,
    `Step` or `Project`) says what it is given. Its docstring is its page, in the sections that Ruff uses.

    Attributes:
        code: `MF` and a number, never reused.
        name: what the rule is called, in kebab case.
        default: whether it is in the default selection.
        fix_safety: how safe its fixes are, `None` if it has none.
        bad: examples of what it finds.
        good: examples of what it leaves alone.
        options: the settings it reads.
        notebooks: whether it looks at notebooks too.
        is_joint: whether its findings are mended together with others of the project.
        base_flows: whether a rule on flows looks at flows without steps too.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    default: ClassVar[bool] = True
    fix_safety: ClassVar[Safety | None] = None
    bad: ClassVar[Sequence[Bad]] = ()
    good: ClassVar[Sequence[Good | str]] = ()
    options: ClassVar[tuple[str, ...]] = ()
    notebooks: ClassVar[bool] = False
    is_joint: ClassVar[bool] = False
    base_flows: ClassVar[bool] = False

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    def check(self, what: Any) -> Iterator[Finding]:
        """Yields a finding for each place where the rule is broken."""
        raise NotImplementedError

    def ends(self, module: Module) -> Iterator[Finding]:
        """Of a joint rule, what in a file is mended with a finding, or stands in its way."""
        raise NotImplementedError

    def finding(
        self,
        at: HasLocation,
        message: str,
        help: str,
        fix: Fix | None = None,
        related: Sequence[tuple[HasLocation, str]] = (),
        joint: Joint | None = None,
    ) -> Finding:
        """A finding of this rule at a thing of the model, of a function or class at its name.

        `related` are other things that it is about, each with what to say of it there; `joint`
        says what it has to be mended together with.
        """
        elsewhere = tuple(Related(_location_of(thing), what) for thing, what in related)
        return Finding(self.code, self.name, _location_of(at), message, help, fix, elsewhere, joint)

    def fix(
        self, message: str, edits: Sequence[Edit] | None, safety: Safety | None = None
    ) -> Fix | None:
        """A fix of this rule, `None` where there are no edits to make."""
        if not edits:
            return None
        return Fix(message, tuple(edits), safety or self.fix_safety or Safety.UNSAFE)

    @classmethod
    def subject(cls) -> type[Module] | type[Flow] | type[Step] | type[Project]:
        """What `check` is given.

        Raises:
            TypeError: the annotation is none of `Module`, `Flow`, `Step` and `Project`.
        """
        return _subject(cls.check)

    @property
    def of_project(self) -> bool:
        """Whether it looks at whole projects rather than at one file."""
        return self.subject() is Project

    @classmethod
    def page(cls) -> str:
        """The rule's docstring."""
        return inspect.cleandoc(cls.__doc__ or "")

    @classmethod
    def summary(cls) -> str:
        """One line: the first sentence below "What it does"."""
        _, _, rest = cls.page().partition("## What it does\n")
        return " ".join(rest.partition("\n\n")[0].split())

    @classmethod
    def url(cls) -> str:
        """The address of the rule's page, empty for a rule that is not of this package."""
        own = cls.__module__.startswith("lint_rules.")
        return f"{DOCS}/{cls.name}.md" if own else ""


def _location_of(thing: HasLocation) -> Location:
    return thing.name_location if isinstance(thing, Definition) else thing.location


@cache
def _subject(check: Callable[..., Any]) -> type[Module] | type[Flow] | type[Step] | type[Project]:
    hints = [hint for name, hint in get_type_hints(check).items() if name != "return"]
    if len(hints) != 1 or hints[0] not in (Module, Flow, Step, Project):
        raise TypeError(
            "`check` must take one argument, annotated with Module, Flow, Step or Project"
        )
    return hints[0]  # type: ignore[no-any-return]


def dedent(code: str) -> str:
    """The text of an example."""
    return textwrap.dedent(code).lstrip("\n")
