"""The texts of a drawing, with the same words in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lint_rules.diagrams.diagram import (
    Arrow,
    EventBox,
    FileBox,
    FlowBox,
    Link,
    Note,
    StepBox,
)
from lint_rules.reports.style import printable

NO_STEPS = {"missing": "no step has this name", "method": "a method without @step"}
"""The text of what is drawn but is not a step, by its kind."""

MOST_NAMES = 6
"""How many names a line shows before it only counts the others."""


def title(box: FlowBox | EventBox | FileBox | StepBox) -> str:
    """What a box is called."""
    if isinstance(box, FileBox):
        return printable(box.path)
    return printable(box.text if isinstance(box, EventBox) else box.name)


def lines(box: FlowBox | EventBox | FileBox) -> list[str]:
    """What stands below a flow's, event's or file's name on the map."""
    if isinstance(box, FileBox):
        return []
    if isinstance(box, EventBox):
        return _of_event(box)
    if box.is_unread:
        return ["not among these flows"]
    texts = [printable(box.range.path)] if box.range and box.is_namesake else []
    if box.schedule:
        texts.append(f"on a schedule: {printable(box.schedule)}")
    if not box.is_in_project:
        return [*texts, "in no project"]
    return texts if box.project else [*texts, "in a project that is not named here"]


def _of_event(event: EventBox) -> list[str]:
    texts = []
    if event.name is None:
        texts.append("a name worked out as the code runs")
    elif event.namespacing == "none":
        texts.append("one name for all branches")
    else:
        texts.append(printable(event.full_name))
    if event.is_external:
        texts.append("from outside")
    return [*texts, event.problem] if event.problem else texts


def of_step(step: StepBox) -> list[str]:
    """What stands below a step's name."""
    texts = [f"from {printable(step.inherited_from)}"] if step.inherited_from else []
    if step.kind in NO_STEPS:
        texts.append(NO_STEPS[step.kind])
    if step.decorators:
        texts.append(" ".join(f"@{printable(name)}" for name in step.decorators))
    reads = [*(reading.name for reading in step.reads), *step.parameters]
    for word, names in (("reads", reads), ("merges", step.merges), ("makes", step.makes)):
        if names:
            texts.append(f"{word} {listed(names)}")
    if not step.is_reached:
        texts.append("never reached")
    return texts


def of_link(link: Link) -> str:
    """What stands beside a link."""
    via = f" in {printable(link.via)}" if link.via else ""
    if link.kind == "raises":
        careless = ", also when run by hand" if link.is_safe is False else ""
        return f"raises{via}{careless}"
    if link.kind == "reads":
        return f"results, by {printable(link.via)}" if link.via else "results"
    if link.kind == "finishes":
        return "starts when finished" + ("" if link.is_namespaced else ", of any branch")
    return "starts"


def of_arrow(arrow: Arrow) -> str:
    """What stands beside the way from one step to the next."""
    if arrow.kind == "foreach":
        return f"for each of {printable(arrow.decided_by)}" if arrow.decided_by else "for each"
    if arrow.kind == "parallel":
        return "in parallel"
    if arrow.kind == "switch":
        asked = f"{printable(arrow.decided_by)}: " if arrow.decided_by else ""
        return f"{asked}{printable(arrow.case)}" if arrow.case else f"{asked}…"
    return ""


def of_marked_arrow(arrow: Arrow) -> str:
    """What stands beside the way from one step to the next, with the mistakes in it."""
    codes = sorted({note.code for note in arrow.findings})
    mark = f"⚠ {listed(codes)}" if codes else ""
    return " ".join(part for part in (of_arrow(arrow), mark) if part)


def of_step_findings(notes: Iterable[Note]) -> list[str]:
    """A line for each rule that found a certain mistake, `MF811 cyclic-flow`, and one for the
    other findings."""
    found = tuple(notes)
    others = of_findings(note for note in found if not note.is_fault)
    return [*of_faults(found), *([others] if others else [])]


def of_faults(notes: Iterable[Note]) -> list[str]:
    """The rules that found a certain mistake, each as `MF811 cyclic-flow`."""
    return sorted({f"{note.code} {note.name}" for note in notes if note.is_fault})


def of_findings(notes: Iterable[Note]) -> str:
    """The codes of findings, `2 findings: MF101, MF201`; empty if there are none."""
    counts = Counter(note.code for note in notes)
    if not counts:
        return ""
    count = counts.total()
    return f"{count} finding{'' if count == 1 else 's'}: {listed(sorted(counts))}"


def listed(names: Iterable[str]) -> str:
    """Names with commas, and only the number of those beyond the first few."""
    shown = [printable(name) for name in names]
    more = len(shown) - MOST_NAMES
    if more > 1:
        shown = [*shown[:MOST_NAMES], f"{more} more"]
    return ", ".join(shown)
