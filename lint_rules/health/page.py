"""The page that shows what was measured. All of it is text that is written as text."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from xml.etree.ElementTree import Element

from lint_rules import __version__
from lint_rules.health.bars import KNOWN, bar, parts_of
from lint_rules.health.chart import chart
from lint_rules.health.measured import (
    BaselineSize,
    Counted,
    Effort,
    Health,
    Repository,
    Tally,
    tallies,
)
from lint_rules.health.tables import Table
from lint_rules.health.words import add_rest, counted, number
from lint_rules.html.page import Page, add, own
from lint_rules.reports.style import printable
from lint_rules.rules.base import Rule
from lint_rules.rules.families import families, family_code
from lint_rules.settings.severity import Severity

RuleOf = Callable[[str], type[Rule] | None]

_MOST_FLOWS = 20
_MOST_FINDINGS = 50
"""How many flows, and findings of a flow, are shown."""

_EFFORTS = {
    Effort.SAFE: ("metaflow-lint check --fix", "the flow does the same afterwards"),
    Effort.UNSAFE: ("metaflow-lint check --fix --unsafe-fixes", "read the difference first"),
    Effort.BY_HAND: ("", "the finding's help says what to do"),
}


def page(health: Health, rule_of: RuleOf, now: float) -> str:
    """The page.

    Args:
        health: what was measured.
        rule_of: the rule of a code.
        now: the time that is shown, in seconds since the epoch.
    """
    return _HealthPage(health, rule_of).text(now)


class _HealthPage:
    """One page that is being written."""

    def __init__(self, health: Health, rule_of: RuleOf) -> None:
        self._health = health
        self._rule_of = rule_of
        self._several = len(health.repositories) > 1
        self._tally = Tally.of(health.findings)
        self._has_known = self._tally.known > 0

    def text(self, now: float) -> str:
        """The page's text."""
        names = [printable(repository.name) for repository in self._health.repositories]
        title = names[0] if len(names) == 1 else f"{len(names)} repositories"
        written = Page(f"{title}: the health of the flows", own("lint_rules.health", "page.css"))
        written.skip_link("content", "Skip to the content")
        header = add(written.body, "header")
        add(header, "h1", f"The health of {title}")
        date = time.strftime("%d %B %Y", time.gmtime(now)).lstrip("0")
        add(header, "p", f"{date}, metaflow-lint {__version__}", class_="quiet")
        main = add(written.body, "main", id="content", tabindex="-1")
        self._add_summary(main)
        for repository in self._health.repositories:
            self._add_history(main, repository)
        if self._health.findings:
            self._add_efforts(main)
            if self._several:
                self._add_repositories(main)
            self._add_flows(main)
            self._add_families(main)
            self._add_rules(main)
            self._add_folders(main)
        return written.text()

    # What is at the top

    def _add_summary(self, main: Element) -> None:
        section = _section(main, "summary", "In short")
        flows, clean = len(self._health.flows), self._health.clean_flows
        tiles = add(section, "dl", class_="tiles")
        _tile(tiles, "flows without findings", f"{clean:,} of {flows:,}")
        for severity in Severity:
            count = self._tally.new[severity]
            if count or severity is not Severity.INFO:
                _tile(tiles, counted(count, severity.noun)[1], f"{count:,}", severity.value)
        if any(repository.baselines for repository in self._health.repositories):
            _tile(tiles, "silenced by the baseline", f"{self._tally.known:,}", KNOWN)
        if not self._health.findings:
            add(section, "p", "All checks passed.")

    def _add_efforts(self, main: Element) -> None:
        section = _section(main, "efforts", "What a fix takes")
        counts = self._tally.efforts
        bar(section, [(_kind(e), counts[e]) for e in Effort], self._tally.total)
        listed = add(section, "ul", class_="efforts")
        for effort, (command, meaning) in _EFFORTS.items():
            item = add(listed, "li", class_=_kind(effort))
            add(item, "b", f"{counts[effort]:,}")
            share = _percent(counts[effort], self._tally.total)
            add(item, "span", f"{effort.value} ({share}): {meaning}")
            if command:
                add(item, "code", command)
        if self._tally.known:
            text = "This counts what the baseline silences, too."
            add(section, "p", text, class_="quiet")

    # The flows

    def _add_flows(self, main: Element) -> None:
        section = _section(main, "flows", "The worst flows")
        _add_legend(section, self._tally)
        found = tallies(self._health.findings, lambda finding: finding.place)
        shown = found[:_MOST_FLOWS]
        most = max(tally.total for _, tally, _ in shown)
        listed = add(section, "ol", class_="flows")
        for place, tally, findings in shown:
            details = add(add(listed, "li"), "details")
            summary = add(details, "summary")
            name = add(summary, "span", class_="name")
            add(name, "b", printable(place.flow or "code outside of flows"))
            add(name, "span", self._path(place.path, place.repository), class_="quiet")
            add(summary, "span", _told(tally), class_="told")
            bar(summary, parts_of(tally), most)
            self._add_findings(details, findings)
        add_rest(section, len(found) - len(shown), "flow or file", "flows and files")

    def _add_findings(self, details: Element, findings: Sequence[Counted]) -> None:
        listed = add(details, "ul", class_="findings")
        shown = sorted(findings, key=_order)[:_MOST_FINDINGS]
        for finding in shown:
            diagnostic = finding.diagnostic
            item = add(listed, "li", class_=KNOWN if finding.is_known else finding.severity.value)
            head = add(item, "p")
            self._add_code(head, diagnostic.code)
            head[-1].tail = " "
            _add_text(head, _sentence(diagnostic.message))
            cell = "" if diagnostic.cell is None else f"cell {diagnostic.cell}, "
            known = ", in the baseline" if finding.is_known else ""
            where = f"{cell}line {diagnostic.start.row}, {finding.severity.value}{known}"
            fix = (
                "" if finding.effort is Effort.BY_HAND else f" It has a {finding.effort.value} fix."
            )
            more = add(item, "p", class_="quiet")
            _add_text(more, f"{where[:1].upper()}{where[1:]}. {_sentence(diagnostic.help)}{fix}")
        add_rest(details, len(findings) - len(shown), "finding", "findings")

    # Tables

    def _add_repositories(self, main: Element) -> None:
        section = _section(main, "repositories", "Repositories")
        flows = Counter(flow.repository for flow in self._health.flows)
        unclean = {finding.place for finding in self._health.findings if finding.place.flow}
        rows = tallies(self._health.findings, lambda finding: finding.place.repository)
        named = {name for name, _, _ in rows}
        clean = [r.name for r in self._health.repositories if r.name not in named]
        rows += [(name, Tally.of(()), []) for name in clean]
        dirty = Counter(place.repository for place in unclean)
        listed = [
            ((name, f"{flows[name] - dirty[name]:,} of {flows[name]:,}"), tally)
            for name, tally, _ in rows
        ]
        Table(("repository", "clean flows"), "repositories", self._has_known).add_to(
            section, listed
        )

    def _add_families(self, main: Element) -> None:
        section = _section(main, "families", "Families of rules")
        found = tallies(self._health.findings, lambda f: family_code(f.diagnostic.code))
        rows = [((code, self._title_of(code, findings)), tally) for code, tally, findings in found]
        Table(("family", "about"), "families", self._has_known).add_to(section, rows)

    def _title_of(self, code: str, findings: Iterable[Counted]) -> str:
        rules = (self._rule_of(finding.diagnostic.code) for finding in findings)
        known = [rule for rule in rules if rule is not None]
        return next((family.title for family in families(known[:1])), code)

    def _add_rules(self, main: Element) -> None:
        section = _section(main, "rules", "Rules")
        found = tallies(self._health.findings, lambda f: (f.diagnostic.code, f.diagnostic.name))
        table = Table(("rule", "name"), "rules", self._has_known, self._add_code)
        table.add_to(section, [(names, tally) for names, tally, _ in found])

    def _add_folders(self, main: Element) -> None:
        section = _section(main, "folders", "Folders")

        def folder(finding: Counted) -> tuple[str, ...]:
            return (self._path(finding.place.folder, finding.place.repository),)

        found = tallies(self._health.findings, folder)
        table = Table(("folder",), "folders", self._has_known)
        table.add_to(section, [(names, tally) for names, tally, _ in found])

    # The baseline

    def _add_history(self, main: Element, repository: Repository) -> None:
        points = repository.baselines
        if not any(point.count for point in points):
            return
        name = f" of {printable(repository.name)}" if self._several else ""
        section = _section(main, None, f"The baseline{name}")
        add(section, "p", _trend(points))
        if len(points) > 1:
            chart(section, points, f"Findings in the baseline{name}, tag by tag")
        if repository.stale:
            matches = "matches" if repository.stale == 1 else "match"
            text = (
                f"{number(repository.stale, 'entry', 'entries')} of it {matches} nothing any more. "
                f"To remove {'it' if repository.stale == 1 else 'them'}, run "
                "`metaflow-lint check --write-baseline`."
            )
            _add_text(add(section, "p", class_="quiet"), text)

    # Parts

    def _path(self, path: str, repository: str) -> str:
        return printable(f"{repository}/{path}" if self._several else path)

    def _add_code(self, into: Element, code: str) -> None:
        rule = self._rule_of(code)
        url = rule.url() if rule else ""
        if url:
            add(into, "a", code, href=url, rel="noreferrer")
        else:
            add(into, "span", printable(code))


def _section(main: Element, id: str | None, title: str) -> Element:
    section = add(main, "section", **({"id": id} if id else {}))
    add(section, "h2", title)
    return section


def _tile(tiles: Element, name: str, value: str, kind: str = "") -> None:
    tile = add(tiles, "div", class_=f"tile {kind}".strip())
    add(tile, "dt", name)
    add(tile, "dd", value)


def _add_legend(section: Element, tally: Tally) -> None:
    """What the colours of the bars mean, those that there are."""
    legend = add(section, "ul", class_="legend", aria_hidden="true")
    names = {severity.value: f"{severity.noun}s" for severity in Severity}
    for kind, count in parts_of(tally):
        if count:
            add(legend, "li", names.get(kind, "silenced by the baseline"), class_=kind)


def _told(tally: Tally) -> str:
    """The numbers of a tally in words: `1 error, 2 warnings, 3 silenced`."""
    counts = [number(tally.new[s], s.noun) for s in Severity if tally.new[s]]
    return ", ".join([*counts, *([f"{tally.known:,} silenced"] if tally.known else [])])


def _order(finding: Counted) -> tuple[bool, int, tuple[object, ...]]:
    order = [*Severity].index(finding.severity)
    return finding.is_known, order, finding.diagnostic.order


def _kind(effort: Effort) -> str:
    return f"effort-{effort.name.lower().replace('_', '-')}"


def _trend(points: Sequence[BaselineSize]) -> str:
    """How a baseline has changed, in a sentence."""
    first, last = points[0], points[-1]
    if len(points) == 1:
        return (
            f"It holds {number(last.count, 'finding')}. No tag of git has a baseline, so there is "
            "nothing to compare it with."
        )
    change, since = last.count - first.count, printable(first.name)
    if not change:
        return f"It holds {number(last.count, 'finding')}, as many as at {since}."
    share = ""
    if first.count:
        direction = "fewer" if change < 0 else "more"
        share = f", {_percent(abs(change), first.count)} {direction}"
    return f"It went from {number(first.count, 'finding')} at {since} to {last.count:,} now{share}."


def _percent(part: int, whole: int) -> str:
    """A part of a whole in percent; never nothing for something."""
    share = 100 * part / max(whole, 1)
    return "less than 1 %" if part and share < 1 else f"{share:.0f} %"


def _add_text(into: Element, text: str) -> None:
    """Adds a text to the end of an element; what it has between backticks as code."""
    for index, part in enumerate(text.split("`")):
        if index % 2:
            add(into, "code", part)
        elif len(into):
            into[-1].tail = (into[-1].tail or "") + part
        else:
            into.text = part


def _sentence(text: str) -> str:
    """A text as a sentence of its own."""
    text = printable(text)
    end = "" if text.endswith((".", "?")) else "."
    return f"{text[:1].upper()}{text[1:]}{end}"
