"""The base class of all rules, and the examples that document and test them."""

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
from lint_rules.settings.groups import Group
from lint_rules.settings.severity import Severity, usual_severity
from lint_rules.settings.status import Status

DOCS = "https://github.com/org/template/blob/main/docs/rules"


class HasLocation(Protocol):
    """A part of the model that has a location."""

    @property
    def location(self) -> Location:
        """Its location."""


@dataclass(frozen=True)
class Bad:
    """Code that breaks a rule: an example on the rule's page, and a test.

    Attributes:
        code: the text of the file. Its common indentation is removed.
        at: the texts that the findings mark, in order. A single text is one finding.
        fixed: the text after the rule's fix, `None` if the rule has no fix for it.
    """

    code: str
    at: str | tuple[str, ...]
    fixed: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)
    """Other files (`{"own/__init__.py": "…"}`). The code itself is in `flow.py`."""


@dataclass(frozen=True)
class Good:
    """Code that follows a rule, though it may not look so. `why` explains the example."""

    code: str
    why: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)


class Rule:
    """A rule, which checks one sentence of the guide.

    A rule is a class with a `check` method. The annotation of its argument (`Module`, `Flow`,
    `Step` or `Project`) decides what the method gets. The docstring is the rule's page, and has
    the same sections as a page of Ruff.

    Attributes:
        code: `MF` and a number, never reused.
        name: its name, in kebab case.
        group: how certain its findings are; `correctness` for what Metaflow proves.
        default: whether it is on by default.
        fix_safety: how safe its fixes are, `None` if it has none.
        bad: examples that it reports.
        good: examples that it does not report.
        options: the settings that it reads.
        notebooks: whether it checks notebooks too.
        is_joint: whether its fixes are applied together with others of the project.
        base_flows: whether a rule on flows checks flows without steps too.
        yields_to: the codes of rules that may report the same thing: then only they do.
        status: whether it is in preview, stable or deprecated.
        since: the version in which it got this status.
        instead: a sentence that says what to do instead, for a deprecated rule.
        former_codes: codes that it had, which settings, comments and baselines may still name.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    group: ClassVar[Group] = Group.STYLE
    default: ClassVar[bool] = True
    fix_safety: ClassVar[Safety | None] = None
    bad: ClassVar[Sequence[Bad]] = ()
    good: ClassVar[Sequence[Good | str]] = ()
    options: ClassVar[tuple[str, ...]] = ()
    notebooks: ClassVar[bool] = False
    is_joint: ClassVar[bool] = False
    base_flows: ClassVar[bool] = False
    yields_to: ClassVar[tuple[str, ...]] = ()
    status: ClassVar[Status] = Status.STABLE
    since: ClassVar[str] = ""
    instead: ClassVar[str] = ""
    former_codes: ClassVar[tuple[str, ...]] = ()

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    def check(self, what: Any) -> Iterator[Finding]:
        """Yields a finding for each part of the code that breaks the rule."""
        raise NotImplementedError

    def ends(self, module: Module) -> Iterator[Finding]:
        """For a joint rule, the code of a file that must change together, or that prevents it."""
        raise NotImplementedError

    def finding(
        self,
        at: HasLocation,
        message: str,
        help: str,
        fix: Fix | None = None,
        related: Sequence[tuple[HasLocation, str] | Related] = (),
        joint: Joint | None = None,
    ) -> Finding:
        """A finding of this rule at a part of the model. For a function or class, it marks the name.

        `related` are other parts that it is about, each with a message. `joint` tells which
        other findings must be fixed together with it.
        """
        others = tuple(
            one if isinstance(one, Related) else Related(_location_of(one[0]), one[1])
            for one in related
        )
        return Finding(
            self.code,
            self.name,
            _location_of(at),
            message,
            help,
            fix,
            others,
            joint,
            group=self.group,
            severity=self.severity(),
        )

    def fix(
        self, message: str, edits: Sequence[Edit] | None, safety: Safety | None = None
    ) -> Fix | None:
        """A fix of this rule, `None` if there are no edits."""
        if not edits:
            return None
        return Fix(message, tuple(edits), safety or self.fix_safety or Safety.UNSAFE)

    @classmethod
    def severity(cls) -> Severity:
        """How bad its findings are, if the settings say nothing else."""
        return usual_severity(cls.group, is_default=cls.default)

    @classmethod
    def subject(cls) -> type[Module] | type[Flow] | type[Step] | type[Project]:
        """The type of the argument of `check`.

        Raises:
            TypeError: the annotation is not one of `Module`, `Flow`, `Step` and `Project`.
        """
        return _subject(cls.check)

    @property
    def of_project(self) -> bool:
        """Whether it checks whole projects instead of single files."""
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
        """The address of the rule's page, empty for a rule of another package."""
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
