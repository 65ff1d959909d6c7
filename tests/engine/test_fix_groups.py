"""Findings that are fixed together: which they are, and that it takes no longer than they are."""

from pathlib import Path

from lint_rules.diagnostics.diagnostic import Finding, Fix, Joint, Rename, Safety
from lint_rules.engine.fix_groups import FixGroups
from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.model.code import Location, Range
from lint_rules.settings.options import Settings
from lint_rules.workspace.source import Source
from tests.analysis.test_attacks import counted

EVENTS = """\
def namespaced_trigger(event):
    return lambda flow: flow
"""
FLOW = """\
from metaflow import FlowSpec, project, step, trigger


@trigger(event="{event}")
@project(name="arxiv")
class {name}(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass
"""


def finding(file, *names, form="", is_fixable=True):
    location = Location(Path(str(file)), Range(0, 3))
    fix = Fix("Fix it", (Rename(location, "old", "new"),), Safety.SAFE) if is_fixable else None
    return Finding("X1", "one", location, "message", "help", fix, (), Joint(frozenset(names), form))


def files(groups, one):
    edits = groups.of(one).edits
    return None if edits is None else [int(str(edit.location.file)) for edit in edits]


def test_names_are_shared_through_others():
    one, two, three, four = (
        finding(1, "a"),
        finding(2, "b", "c"),
        finding(3, "a", "b"),
        finding(4, "d"),
    )
    groups = FixGroups([one, two, three, four])
    assert files(groups, one) == files(groups, two) == files(groups, three) == [1, 2, 3]
    assert files(groups, four) == [4]
    assert groups.of(one) is groups.of(two)


def test_one_that_cannot_be_fixed_keeps_the_others_from_it():
    one, two, three = finding(1, "a"), finding(2, "a", is_fixable=False), finding(3, "b")
    groups = FixGroups([one, two, three])
    assert files(groups, one) is None
    assert files(groups, three) == [3]


def test_two_forms_do_not_fit():
    one, two = finding(1, "a", form="x"), finding(2, "a", form="y")
    assert files(FixGroups([one, two]), one) is None


def test_a_finding_of_no_file_of_the_project_is_fixed_with_those_of_its_names():
    groups = FixGroups([finding(1, "a"), finding(2, "b")])
    assert files(groups, finding(3, "a")) == [3, 1]
    assert files(groups, finding(3, "a", "b")) == [3, 1, 2]
    assert files(groups, finding(3, "c")) == [3]
    assert files(groups, finding(3)) == [3]


def calls(folder, count, event, name):
    """How many functions are called to check a project of flows; what is found, too."""
    sources = []
    for number in range(count):
        text = FLOW.format(event=event.format(number), name=name.format(number))
        file = folder / f"f{count}/flow{number}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        sources.append(Source(file, text))
    (folder / f"f{count}/pyproject.toml").touch()
    package = folder / f"f{count}/arxiv"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "events.py").write_text(EVENTS)
    linter = Linter(all_rules(), [folder / f"f{count}"])
    linter.expect(source.path for source in sources)
    settings = Settings(select=("MF701", "MF006"))
    found = []
    number = counted(lambda: found.extend(linter.check_all(sources, lambda _: settings)))
    return number, found


def test_a_fix_of_many_files_is_put_together_once(tmp_path):
    calls(tmp_path, 2, "papers", "Arxiv{}Flow")
    few, found = calls(tmp_path, 20, "papers", "Arxiv{}Flow")
    many, _ = calls(tmp_path, 40, "papers", "Arxiv{}Flow")
    assert {len(d.edits_in_other_files) for d in found} == {19}
    assert many <= 2.5 * few


def test_flows_of_one_name_name_the_first_of_the_others(tmp_path):
    few, found = calls(tmp_path, 20, "papers{}", "ArxivFlow")
    many, _ = calls(tmp_path, 40, "papers{}", "ArxivFlow")
    assert {len(d.related) for d in found if d.code == "MF006"} == {10}
    assert many <= 2.5 * few
