"""Graphviz's language, for those who have its tools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lint_rules.diagrams import labels
from lint_rules.diagrams.diagram import EventBox, FileBox, FlowBox, Map, Note
from lint_rules.reports.style import printable

_LOOK = (
    'graph [fontname="Helvetica", fontsize=11, nodesep=0.4, ranksep=0.7]',
    'node [fontname="Helvetica", fontsize=11, shape=box, style=rounded, margin="0.15,0.08"]',
    'edge [fontname="Helvetica", fontsize=9]',
)
_FOUND = "#d9822b"
_FAULT = {"color": "#d03b3b", "penwidth": "2"}


def map_lines(drawn: Map) -> Iterator[str]:
    """The lines of a map's graph."""
    yield "digraph {"
    yield from (f"    {line}" for line in ("rankdir=LR", *_LOOK))
    for number, (project, boxes) in enumerate(drawn.groups()):
        indent = "    "
        if project is not None:
            yield f"    subgraph cluster_{number} {{"
            yield f"        label={_quoted(f'project {printable(project)}')}"
            yield "        style=rounded"
            indent = "        "
        for box in boxes:
            yield indent + _box(box)
        if project is not None:
            yield "    }"
    for file in drawn.files:
        yield "    " + _box(file)
    for link in drawn.links:
        found = labels.of_findings(link.findings)
        label = labels.of_link(link) + (f"\n⚠ {found}" if found else "")
        style = {"style": "dashed"} if link.kind == "reads" else {}
        colour = {"color": _FOUND} if found else {}
        yield f"    {link.source} -> {link.target} [{_attributes(label=label, **style, **colour)}]"
    yield "}"


def flow_lines(flow: FlowBox) -> Iterator[str]:
    """The lines of the graph of one flow's steps."""
    yield "digraph {"
    yield from (f"    {line}" for line in ("rankdir=TB", *_LOOK))
    if flow.faults:
        lines = [f"flow {labels.title(flow)}", *(f"⚠ {n}" for n in labels.of_faults(flow.faults))]
        yield f"    {flow.id} [{_attributes(label=chr(10).join(lines), shape='note', **_FAULT)}]"
    for step in flow.steps:
        shape = {"start": "oval", "end": "oval", "join": "box", "switch": "hexagon"}
        more = {"peripheries": "2"} if step.kind == "join" else {}
        found = (f"⚠ {line}" for line in labels.of_step_findings(step.findings))
        label = "\n".join([labels.title(step), *labels.of_step(step), *found])
        colour = _FAULT if step.is_fault else {"color": _FOUND} if step.findings else {}
        if step.kind == "missing":
            more["style"] = "dashed"
        attributes = _attributes(label=label, shape=shape.get(step.kind, "box"), **more, **colour)
        yield f"    {step.id} [{attributes}]"
    for arrow in flow.arrows:
        label = labels.of_marked_arrow(arrow)
        style = {"style": "bold"} if arrow.kind in ("foreach", "parallel") else {}
        shown = {"label": label} if label else {}
        attributes = _attributes(**shown, **style, **(_FAULT if arrow.findings else {}))
        yield f"    {arrow.source} -> {arrow.target}" + (f" [{attributes}]" if attributes else "")
    yield "}"


def _box(box: FlowBox | EventBox | FileBox) -> str:
    notes = box.all_findings if isinstance(box, FlowBox) else ()
    label = _label(labels.title(box), labels.lines(box), notes)
    shape = "oval" if isinstance(box, EventBox) else "note" if isinstance(box, FileBox) else "box"
    is_unread = isinstance(box, FlowBox) and box.is_unread
    is_loose = isinstance(box, EventBox) and bool(box.problem)
    style = {"style": "dashed"} if is_unread or is_loose else {}
    colour = {"color": _FOUND} if notes or is_loose else {}
    if isinstance(box, FlowBox) and box.has_fault:
        colour = _FAULT
    return f"{box.id} [{_attributes(label=label, shape=shape, **style, **colour)}]"


def _label(name: str, lines: Iterable[str], notes: Iterable[Note]) -> str:
    found = labels.of_findings(notes)
    return "\n".join([name, *lines, *([f"⚠ {found}"] if found else [])])


def _attributes(**given: str) -> str:
    return ", ".join(f"{name}={_quoted(value)}" for name, value in given.items())


def _quoted(text: str) -> str:
    """A quoted string: a backslash is itself, and `\\n` only what a line's end became."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    # Entities of HTML are read in labels.
    return '"' + escaped.replace("&", "&amp;") + '"'
