"""What is drawn, as plain data that every format takes: flows, what links them, and their steps.

The dataclasses are those of the JSON format, so that what one can draw, another program can read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.settings.groups import GROUPS

NAMESPACINGS = {
    "none": "{event}",
    "project": "{project}.{branch}.{event}",
    "metaflow": "mfns.{project}.{branch}.{event}",
    "outerbounds": "prj.{project}.{branch}.{event}",
}
"""How an event's name is made up when its flow is deployed: as it stands, by the project's own
decorator, by Metaflow's `namespaced_event_name`, by Outerbounds."""


@dataclass(frozen=True, slots=True)
class FileRange:
    """A place in a file: `path` with slashes, rows and columns from 1."""

    path: str
    row: int
    column: int
    end_row: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.row}"


@dataclass(frozen=True, slots=True)
class RelatedNote:
    """Another place that a finding is about, and what is there."""

    message: str
    range: FileRange


@dataclass(frozen=True, slots=True)
class Note:
    """A finding, as it is shown beside what it is about."""

    code: str
    name: str
    group: str
    message: str
    help: str
    range: FileRange
    related: tuple[RelatedNote, ...] = ()

    @property
    def is_fault(self) -> bool:
        """Whether Metaflow refuses the code, it fails, or a value is lost."""
        return GROUPS[self.group].is_certain


@dataclass(frozen=True, slots=True)
class Reading:
    """An artifact that a step reads, with the steps that may have set it."""

    name: str
    made_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepBox:
    """A step of a flow.

    Attributes:
        id: its name among all that is drawn; letters, digits and underscores.
        name: its name.
        kind: `start`, `end`, `join`, `split`, `foreach`, `parallel`, `switch` or `linear`. A step
            that ends a split and begins another is a `join`; the arrows show what it begins. In a
            broken flow also `missing` (a transition names it, and the flow does not have it) or
            `method` (a method in a step's place, which lacks `@step`).
        range: where it is written.
        summary: the first line of its docstring.
        inherited_from: the base flow that it comes from.
        is_reached: whether there is a way to it from the start; in a flow without a start, from a
            step that nothing leads to.
        makes: the artifacts that it sets or changes.
        reads: those it is given and reads.
        merges: those that `merge_artifacts` takes over in it.
        parameters: the flow's parameters that it reads, as attributes.
        may_make_more: whether it may set artifacts that are not to be seen.
        decorators: those on it besides `@step`.
        findings: what the linter says of it.
    """

    id: str
    name: str
    kind: str
    range: FileRange
    summary: str
    inherited_from: str | None
    is_reached: bool
    makes: tuple[str, ...]
    reads: tuple[Reading, ...]
    merges: tuple[str, ...]
    parameters: tuple[str, ...]
    may_make_more: bool
    decorators: tuple[str, ...]
    findings: tuple[Note, ...]

    @property
    def is_fault(self) -> bool:
        """Whether it is no step, or is in the way of one."""
        return self.kind in ("missing", "method") or any(note.is_fault for note in self.findings)


@dataclass(frozen=True, slots=True)
class Arrow:
    """A way from one step to the next.

    Attributes:
        source: the id of the step it leaves.
        target: the id of the step it leads to.
        kind: `linear`, `split`, `foreach`, `parallel` or `switch`.
        decided_by: the artifact that a foreach goes over or that a switch asks.
        case: the case of a switch.
        findings: the certain mistakes that it is a part of.
    """

    source: str
    target: str
    kind: str
    decided_by: str
    case: str
    findings: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class FlowBox:
    """A flow.

    Attributes:
        id: its name among all that is drawn.
        name: the flow's name.
        project: the name in `@project`, `None` if there is none or it cannot be read.
        is_in_project: whether the flow is in a project: deployed apart by project and branch.
        range: where it is written; `None` for a flow that was not read, only named.
        is_namesake: whether another flow that is drawn has the same name.
        summary: the first line of its docstring.
        schedule: what `@schedule` or `@project_schedule` says.
        parameters: the names of its parameters on the command line.
        steps: its steps, in the order of a walk from the start.
        arrows: the ways between them.
        findings: what the linter says of the flow, its steps apart.
    """

    id: str
    name: str
    project: str | None
    is_in_project: bool
    range: FileRange | None
    is_namesake: bool = False
    summary: str = ""
    schedule: str = ""
    parameters: tuple[str, ...] = ()
    steps: tuple[StepBox, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    findings: tuple[Note, ...] = ()

    @property
    def is_unread(self) -> bool:
        """Whether the flow is not among those that were read."""
        return self.range is None

    @property
    def faults(self) -> tuple[Note, ...]:
        """The certain mistakes in the flow itself, its steps apart."""
        return tuple(note for note in self.findings if note.is_fault)

    @property
    def has_fault(self) -> bool:
        """Whether there is a certain mistake in the flow or in one of its steps."""
        return any(note.is_fault for note in self.all_findings)

    @property
    def all_findings(self) -> tuple[Note, ...]:
        """What the linter says of the flow and of its steps."""
        return (*self.findings, *(note for step in self.steps for note in step.findings))

    def step(self, id: str) -> StepBox:
        """The step with an id."""
        return next(step for step in self.steps if step.id == id)


@dataclass(frozen=True, slots=True)
class EventBox:
    """An event.

    Attributes:
        id: its name among all that is drawn.
        name: its own name, `None` if it is worked out as the code runs.
        text: the name, or the code that works it out.
        namespacing: a key of `NAMESPACINGS`.
        project: the project that its full name begins with, where that can be read.
        is_external: whether `external-events` names it.
        is_raised: whether something here raises it.
        is_awaited: whether a flow here waits for it.
    """

    id: str
    name: str | None
    text: str
    namespacing: str
    project: str | None
    is_external: bool
    is_raised: bool
    is_awaited: bool

    @property
    def full_name(self) -> str:
        """Its name once it is deployed, with `{branch}` for the branch, and `{project}` for a
        project whose name is not known."""
        project = self.project or "{project}"
        pattern = NAMESPACINGS[self.namespacing]
        return pattern.replace("{project}", project).replace("{event}", self.text)

    @property
    def problem(self) -> str:
        """What is odd about it, if anything."""
        if self.is_external or self.name is None:
            return ""
        if not self.is_raised:
            return "raised by nothing here"
        return "" if self.is_awaited else "no flow here waits for it"


@dataclass(frozen=True, slots=True)
class FileBox:
    """A file outside the flows that raises events or reads results."""

    id: str
    path: str
    range: FileRange


@dataclass(frozen=True, slots=True)
class Link:
    """What leads from one thing to another.

    Attributes:
        kind: `raises` (a flow or file, an event), `starts` (an event, a flow that waits for it),
            `finishes` (a flow, one that starts when it has finished) or `reads` (a flow, a flow or
            file that reads its results).
        source: the id of what it leaves.
        target: the id of what it leads to.
        range: the code that makes it.
        is_namespaced: whether it keeps to one project and branch; `None` of reads.
        is_safe: of `raises`, whether it raises from deployed flows alone; `None` if not known.
        via: the function of the project that raises or reads, where it is called for that.
        findings: what the linter says of it.
    """

    kind: str
    source: str
    target: str
    range: FileRange
    is_namespaced: bool | None = None
    is_safe: bool | None = None
    via: str | None = None
    findings: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Map:
    """All of it, in a fixed order."""

    flows: tuple[FlowBox, ...]
    events: tuple[EventBox, ...]
    files: tuple[FileBox, ...]
    links: tuple[Link, ...]

    @property
    def projects(self) -> tuple[str, ...]:
        """The names of the projects, in order."""
        return tuple(sorted({flow.project for flow in self.flows if flow.project}))

    def groups(self) -> Iterator[tuple[str | None, tuple[FlowBox | EventBox, ...]]]:
        """What belongs to each project, then (`None`) what belongs to none."""
        boxes: tuple[FlowBox | EventBox, ...] = (*self.flows, *self.events)
        for name in (*self.projects, None):
            found = tuple(box for box in boxes if self.project_of(box) == name)
            if found:
                yield name, found

    def project_of(self, box: FlowBox | EventBox) -> str | None:
        """The project that a flow or an event is drawn in."""
        return box.project if box.project in self.projects else None
