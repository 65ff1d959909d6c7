"""A page to look at: the map, each flow's steps, and the source, in one file that needs no other.

All that comes from a source is written as text by `xml.etree`; the page's own script reads none of
it, and a policy in the page lets no other script run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

from lint_rules.diagrams import labels, svg_scene
from lint_rules.diagrams.diagram import (
    EventBox,
    FileBox,
    FileRange,
    FlowBox,
    Link,
    Map,
    Note,
    StepBox,
)
from lint_rules.diagrams.links import to_source
from lint_rules.diagrams.svg import style
from lint_rules.html.page import Page, own
from lint_rules.reports.style import printable
from lint_rules.workspace.snapshot import Snapshot
from lint_rules.workspace.source import lines_of


def page(
    drawn: Map,
    snapshot: Snapshot,
    first: FlowBox | None,
    base: Path,
    source_link: str | None,
) -> str:
    """The page.

    Args:
        drawn: the map; the page holds all of it.
        snapshot: the files that were drawn.
        first: the flow whose steps are shown first, instead of the map.
        base: the folder that the paths of ranges start from.
        source_link: where a line of a file is to be seen, besides in the page.

    Raises:
        MissingLibrary: the library that lays it out is not installed.
    """
    return _Page(drawn, snapshot, base, source_link).text(first)


class _Page:
    """One page that is being written."""

    def __init__(self, drawn: Map, snapshot: Snapshot, base: Path, source_link: str | None) -> None:
        self._map = drawn
        self._snapshot = snapshot
        self._base = base
        self._source_link = source_link
        self._sources: dict[str, str] = {}
        self._names = {box.id: labels.title(box) for box in _boxes(drawn)}

    def text(self, first: FlowBox | None) -> str:
        """The page's text."""
        title = ", ".join(printable(name) for name in self._map.projects) or "Flows"
        sheet, script = (
            own("lint_rules.diagrams", "page.css"),
            own("lint_rules.diagrams", "page.js"),
        )
        page = Page(f"{title}: the map of the flows", style() + sheet, script)
        body = page.body
        body.set("data-first", first.id if first else "map")
        page.skip_link("view", "Skip to the drawing")
        self._add_list(body, title)
        main = SubElement(body, "main", {"id": "view", "tabindex": "-1"})
        self._add_views(main)
        aside = SubElement(body, "aside", {"aria-live": "polite", "aria-label": "Details"})
        self._add_details(aside)
        self._add_sources(main)
        return page.text()

    # The list of flows

    def _add_list(self, body: Element, title: str) -> None:
        nav = SubElement(body, "nav", {"aria-label": "Flows"})
        SubElement(nav, "h1").text = title
        flows = [flow for flow in self._map.flows if not flow.is_unread]
        events, count = self._map.events, sum(len(flow.all_findings) for flow in flows)
        SubElement(nav, "p", {"class": "quiet"}).text = ", ".join(
            _counted(number, what)
            for number, what in ((len(flows), "flow"), (len(events), "event"), (count, "finding"))
        )
        whole = SubElement(nav, "ul")
        self._add_item(whole, "map", "The map", 0)
        for name in (*self._map.projects, None):
            inside = [flow for flow in flows if self._map.project_of(flow) == name]
            if inside:
                heading = f"project {printable(name)}" if name else "Flows"
                SubElement(nav, "h2").text = heading
                listed = SubElement(nav, "ul")
                for flow in inside:
                    self._add_item(listed, flow.id, labels.title(flow), len(flow.all_findings))

    def _add_item(self, into: Element, id: str, text: str, findings: int) -> None:
        link = SubElement(SubElement(into, "li"), "a", {"href": f"#{id}", "data-list": id})
        SubElement(link, "span").text = text
        if findings:
            count = SubElement(link, "b", {"class": "count"})
            count.text = str(findings)
            SubElement(link, "span", {"class": "hidden"}).text = " findings"

    # Drawings

    def _add_views(self, main: Element) -> None:
        hrefs = {id: f"#{id}" for id in self._names}
        drawing = svg_scene.of_map(self._map, hrefs.get)
        self._add_view(main, "map", "The map", drawing)
        for flow in self._map.flows:
            if flow.steps:
                steps = {id: f"#{id}" for id in (flow.id, *(step.id for step in flow.steps))}
                drawing = svg_scene.of_flow(flow, steps.get)
                self._add_view(main, flow.id, f"The steps of {labels.title(flow)}", drawing)

    def _add_view(self, main: Element, id: str, title: str, drawing: Element) -> None:
        view = SubElement(main, "section", {"class": "view", "data-view": id})
        bar = SubElement(view, "header")
        SubElement(bar, "h2").text = title
        for name, sign, label in (
            ("in", "+", "Zoom in"),
            ("out", "−", "Zoom out"),
            ("fit", "Fit", "Show all of it"),
        ):
            button = {"type": "button", "data-zoom": name, "aria-label": label, "title": label}
            SubElement(bar, "button", button).text = sign
        hint = "Drag or arrow keys move, + and - zoom, 0 shows all of it."
        canvas = SubElement(
            view, "div", {"class": "canvas", "tabindex": "0", "role": "group", "aria-label": hint}
        )
        canvas.append(drawing)

    # Details

    def _add_details(self, aside: Element) -> None:
        whole = self._detail(aside, "map", "The map", "")
        SubElement(
            whole, "p"
        ).text = "Choose a flow, an event or a file. A flow opens its steps, and a step its source."
        self._add_legend(whole)
        for flow in self._map.flows:
            self._add_flow(aside, flow)
            for step in flow.steps:
                self._add_step(aside, flow, step)
        for event in self._map.events:
            detail = self._detail(aside, event.id, labels.title(event), "event")
            for line in labels.lines(event):
                kind = {"class": "problem"} if line == event.problem else {}
                SubElement(detail, "p", kind).text = line
            self._add_links(detail, event.id)
        for file in self._map.files:
            detail = self._detail(aside, file.id, labels.title(file), "file")
            self._add_place(detail, file.range)
            self._add_links(detail, file.id)

    def _detail(self, aside: Element, id: str, title: str, kind: str) -> Element:
        detail = SubElement(aside, "section", {"class": "detail", "data-detail": id})
        if kind:
            SubElement(detail, "p", {"class": "quiet"}).text = kind
        SubElement(detail, "h2").text = title
        return detail

    def _add_legend(self, detail: Element) -> None:
        legend = SubElement(detail, "ul", {"class": "legend"})
        for kind, text in (
            ("raises", "raises an event, or starts on it"),
            ("finishes", "starts when the other has finished"),
            ("reads", "reads the other's results"),
            ("loose", "an event that is not raised here, or not waited for"),
            ("found", "metaflow-lint finds something"),
            ("fault", "Metaflow refuses it, it fails, or a value is lost"),
        ):
            SubElement(legend, "li", {"class": kind}).text = text

    def _add_flow(self, aside: Element, flow: FlowBox) -> None:
        detail = self._detail(aside, flow.id, labels.title(flow), "flow")
        if flow.summary:
            SubElement(detail, "p").text = printable(flow.summary)
        for line in labels.lines(flow):
            SubElement(detail, "p", {"class": "quiet"}).text = line
        if flow.range is not None:
            self._add_place(detail, flow.range)
        self._add_names(detail, "parameters", flow.parameters)
        self._add_links(detail, flow.id)
        self._add_findings(detail, flow.findings)
        if flow.steps:
            SubElement(detail, "h3").text = "steps"
            listed = SubElement(detail, "ul")
            for step in flow.steps:
                found = len(step.findings)
                self._add_item(listed, step.id, labels.title(step), found)

    def _add_step(self, aside: Element, flow: FlowBox, step: StepBox) -> None:
        kind = "step" if step.kind == "linear" else f"step: {step.kind}"
        kind = labels.NO_STEPS.get(step.kind, kind)
        detail = self._detail(aside, step.id, labels.title(step), kind)
        if step.summary:
            SubElement(detail, "p").text = printable(step.summary)
        place = SubElement(detail, "p", {"class": "quiet"})
        place.text = f"from {printable(step.inherited_from)}, in " if step.inherited_from else "in "
        SubElement(place, "a", {"href": f"#{flow.id}"}).text = labels.title(flow)
        self._add_place(detail, step.range)
        self._add_names(detail, "decorators", (f"@{name}" for name in step.decorators))
        self._add_names(detail, "makes", step.makes)
        ids = {other.name: other.id for other in flow.steps}
        if step.reads:
            SubElement(detail, "h3").text = "reads"
            listed = SubElement(detail, "ul", {"class": "names"})
            for reading in step.reads:
                item = SubElement(listed, "li")
                SubElement(item, "code").text = printable(reading.name)
                for index, name in enumerate(reading.made_by):
                    link = SubElement(item, "a", {"href": f"#{ids[name]}"})
                    link.text = printable(name)
                    link.tail = ", " if index + 1 < len(reading.made_by) else ""
        self._add_names(detail, "merges", step.merges)
        self._add_names(detail, "reads parameters", step.parameters)
        if step.may_make_more:
            hidden = "May set others too: what it hands itself on to is not to be seen here."
            SubElement(detail, "p", {"class": "quiet"}).text = hidden
        if not step.is_reached:
            SubElement(detail, "p", {"class": "problem"}).text = "never reached"
        self._add_findings(detail, step.findings)

    def _add_names(self, detail: Element, title: str, names: Iterable[str]) -> None:
        listed = [printable(name) for name in names]
        if listed:
            SubElement(detail, "h3").text = title
            into = SubElement(detail, "ul", {"class": "names"})
            for name in listed:
                SubElement(SubElement(into, "li"), "code").text = name

    def _add_links(self, detail: Element, id: str) -> None:
        """All links of a box: what is at the other end, and the code that says so."""
        links = [link for link in self._map.links if id in (link.source, link.target)]
        if not links:
            return
        SubElement(detail, "h3").text = "links"
        listed = SubElement(detail, "ul", {"class": "links"})
        for link in links:
            item = SubElement(listed, "li")
            other = link.target if link.source == id else link.source
            item.text = f"{_described(link, id)} "
            there = SubElement(item, "a", {"href": f"#{other}"})
            there.text = self._names[other]
            self._add_place(item, link.range)
            for note in link.findings:
                self._add_note(item, note)

    def _add_findings(self, detail: Element, notes: tuple[Note, ...]) -> None:
        if notes:
            SubElement(detail, "h3").text = "findings"
            for note in notes:
                self._add_note(detail, note)

    def _add_note(self, into: Element, note: Note) -> None:
        paragraph = SubElement(into, "p", {"class": "note fault" if note.is_fault else "note"})
        SubElement(paragraph, "b").text = note.code
        body = SubElement(paragraph, "span")
        body.text = f" {printable(note.message)}. "
        SubElement(paragraph, "span", {"class": "quiet"}).text = f"{printable(note.help)} "
        self._add_place(paragraph, note.range, "span")
        for related in note.related:
            SubElement(paragraph, "br")
            more = SubElement(paragraph, "span", {"class": "quiet"})
            more.text = f"{printable(related.message)} "
            self._add_place(paragraph, related.range, "span")

    # Source

    def _add_place(self, into: Element, file_range: FileRange, kind: str = "p") -> None:
        place = SubElement(into, kind, {"class": "place"})
        link = SubElement(
            place, "a", {"href": f"#{self._source(file_range.path)}-{file_range.row}"}
        )
        link.text = printable(str(file_range))
        if self._source_link is not None:
            link.tail = " "
            outside = {"href": to_source(file_range, self._source_link), "rel": "noreferrer"}
            SubElement(place, "a", outside).text = "open"

    def _source(self, path: str) -> str:
        return self._sources.setdefault(path, f"source{len(self._sources)}")

    def _add_sources(self, main: Element) -> None:
        for path, id in self._sources.items():
            view = SubElement(main, "section", {"class": "view source", "data-view": id})
            bar = SubElement(view, "header")
            SubElement(bar, "h2").text = printable(path)
            SubElement(bar, "button", {"type": "button", "data-back": ""}).text = "Back"
            code = SubElement(view, "ol", {"class": "canvas", "tabindex": "0"})
            for row, line in enumerate(self._lines(path), 1):
                SubElement(code, "li", {"id": f"{id}-{row}", "tabindex": "-1"}).text = line or " "

    def _lines(self, path: str) -> Iterator[str]:
        file = self._snapshot.real(self._base / path)
        for line in lines_of(self._snapshot.files(file.parent).text(file) or ""):
            yield printable(line)


def _boxes(drawn: Map) -> Iterator[FlowBox | EventBox | FileBox]:
    yield from drawn.flows
    yield from drawn.events
    yield from drawn.files


def _described(link: Link, id: str) -> str:
    """A link in the words of one of its ends."""
    via = f", by {printable(link.via)}," if link.via else ""
    outward = link.source == id
    if link.kind == "raises":
        careless = " (also when run by hand)" if link.is_safe is False else ""
        return f"raises{via}{careless}" if outward else f"raised{via}{careless} by"
    if link.kind == "starts":
        return "starts" if outward else "starts on"
    if link.kind == "finishes":
        branch = "" if link.is_namespaced else " (of any branch)"
        return f"when finished{branch}, starts" if outward else f"starts{branch} after"
    return f"its results are read{via} by" if outward else f"reads{via} results of"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
