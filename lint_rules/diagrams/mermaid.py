"""Mermaid's flowcharts, which GitHub, GitLab and many others render in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lint_rules.diagrams import labels
from lint_rules.diagrams.diagram import EventBox, FileBox, FlowBox, Link, Map, Note

_PLAIN = re.compile(r"[^\w .,:/(){}@…⚠-]")
_CLASSES = (
    "classDef fault stroke:#d03b3b,stroke-width:4px",
    "classDef found stroke:#d9822b,stroke-width:3px",
    "classDef elsewhere stroke-dasharray:5 4",
    "classDef loose stroke:#d9822b,stroke-dasharray:5 4",
)
"""Strokes only: what they enclose keeps the colours of the page's theme, light or dark."""

_FAULT_LINE = "stroke:#d03b3b,stroke-width:3px"
_ENDS = {"start": ("([", "])"), "end": ("([", "])"), "join": ("[[", "]]"), "switch": ("{{", "}}")}


def map_lines(drawn: Map) -> Iterator[str]:
    """The lines of a map's flowchart."""
    yield "flowchart LR"
    for project, boxes in drawn.groups():
        indent = "    "
        if project is not None:
            yield f"    subgraph {_group(project)}[{_quoted(f'project {project}')}]"
            indent = "        "
        for box in boxes:
            yield indent + _box(box)
        if project is not None:
            yield "    end"
    for file in drawn.files:
        yield "    " + _box(file)
    for link in drawn.links:
        yield f"    {link.source} {_arrow(link)} {link.target}"
    yield from _styles(
        {
            "fault": [flow.id for flow in drawn.flows if flow.has_fault],
            "found": [f.id for f in drawn.flows if f.all_findings and not f.has_fault],
            "elsewhere": [flow.id for flow in drawn.flows if flow.is_unread],
            "loose": [event.id for event in drawn.events if event.problem],
        }
    )


def flow_lines(flow: FlowBox) -> Iterator[str]:
    """The lines of the flowchart of one flow's steps."""
    yield "flowchart TD"
    if flow.faults:
        lines = (f"⚠ {line}" for line in labels.of_faults(flow.faults))
        yield f"    {flow.id}[/{_lines_below(f'flow {labels.title(flow)}', lines)}/]"
    for step in flow.steps:
        start, end = _ENDS.get(step.kind, ("[", "]"))
        found = (f"⚠ {line}" for line in labels.of_step_findings(step.findings))
        label = _lines_below(labels.title(step), (*labels.of_step(step), *found))
        yield f"    {step.id}{start}{label}{end}"
    for arrow in flow.arrows:
        text = labels.of_marked_arrow(arrow)
        line = "==>" if arrow.kind in ("foreach", "parallel") else "-->"
        yield f"    {arrow.source} {line}{f'|{_quoted(text)}|' if text else ''} {arrow.target}"
    faulty = [str(number) for number, arrow in enumerate(flow.arrows) if arrow.findings]
    if faulty:
        yield f"    linkStyle {','.join(faulty)} {_FAULT_LINE}"
    flows = [flow.id] if flow.faults else []
    yield from _styles(
        {
            "fault": [*flows, *(step.id for step in flow.steps if step.is_fault)],
            "found": [step.id for step in flow.steps if step.findings and not step.is_fault],
            "elsewhere": [
                step.id for step in flow.steps if not step.is_reached or step.kind == "missing"
            ],
        }
    )


def _styles(named: dict[str, list[str]]) -> Iterator[str]:
    """The classes that are used, and what has them."""
    for style in _CLASSES:
        _, name, _ = style.split(" ", 2)
        if named.get(name):
            yield f"    {style}"
            yield f"    class {','.join(named[name])} {name}"


def _box(box: FlowBox | EventBox | FileBox) -> str:
    notes = box.all_findings if isinstance(box, FlowBox) else ()
    label = _label(labels.title(box), labels.lines(box), notes)
    if isinstance(box, EventBox):
        return f"{box.id}([{label}])"
    return f"{box.id}[/{label}/]" if isinstance(box, FileBox) else f"{box.id}[{label}]"


def _label(name: str, lines: Iterable[str], notes: Iterable[Note]) -> str:
    found = labels.of_findings(notes)
    return _lines_below(name, (*lines, *([f"⚠ {found}"] if found else [])))


def _lines_below(name: str, lines: Iterable[str]) -> str:
    more = [f"<i>{_escaped(line)}</i>" for line in lines]
    return f'"{"<br/>".join([f"<b>{_escaped(name)}</b>", *more])}"'


def _arrow(link: Link) -> str:
    text = labels.of_link(link)
    found = labels.of_findings(link.findings)
    label = _quoted(f"{text} ⚠ {found}" if found else text)
    return f"-.->|{label}|" if link.kind == "reads" else f"-->|{label}|"


def _group(project: str) -> str:
    return "project_" + re.sub(r"\W", "_", project, flags=re.ASCII)


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """A text in which nothing is markup: neither Mermaid's, nor HTML, nor Markdown."""
    # Mermaid ends a line at `\n`, however the backslash is written: a joiner parts the two.
    text = text.replace("\\n", "\\\N{WORD JOINER}n")
    return _PLAIN.sub(lambda found: f"#{ord(found.group())};", text)
