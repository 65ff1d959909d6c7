"""A long-lived process: files that come, change and go, in an editor and on the disk."""

import gc
import threading

import pytest

from lint_rules.diagnostics.diagnostic import Safety
from lint_rules.engine.apply_fixes import apply_fixes
from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.model.module import Module
from lint_rules.settings.options import Settings
from lint_rules.syntax.parse_cache import ParseCache
from lint_rules.workspace.deadline import Cancelled, Deadline
from lint_rules.workspace.source import Source
from lint_rules.workspace.workspace import Workspace

BASE = """\
from metaflow import FlowSpec, project


@project(name="arxiv")
class Base(FlowSpec):
    pass
"""

SUBCLASS = """\
from base import Base
from metaflow import step


class Papers(Base):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass
"""


class Editor:
    """A process that checks one flow again and again."""

    def __init__(self, folder):
        self.folder = folder
        (folder / ".git").mkdir(parents=True)
        self.write("flow.py", SUBCLASS)
        self.workspace = Workspace(current=folder)
        self.linter = Linter(all_rules())

    def write(self, name, text):
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text)
        return self.folder / name

    def codes(self, select, text=SUBCLASS, name="flow.py", **settings):
        """What is found now."""
        self.linter.snapshot = self.workspace.snapshot()
        source = Source(self.folder / name, text)
        found = self.linter.check(source, Settings(select=(select,), **settings))
        return [diagnostic.code for diagnostic in found]


@pytest.fixture
def editor(tmp_path):
    return Editor(tmp_path)


def test_the_disk_is_seen_as_it_is_now(editor):
    """The base gives the flow its project; without it nothing is known."""
    base = editor.folder / "base.py"
    assert editor.codes("MF101") == []  # what the base is cannot be known
    editor.write("base.py", BASE.replace('@project(name="arxiv")\n', ""))
    assert editor.codes("MF101") == ["MF101"]
    editor.write("base.py", BASE)
    assert editor.codes("MF101") == []
    editor.write("base.py", BASE.replace('@project(name="arxiv")\n', ""))
    assert editor.codes("MF101") == ["MF101"]
    base.unlink()
    assert editor.codes("MF101") == []
    editor.write("base/__init__.py", BASE.replace('@project(name="arxiv")\n', ""))
    assert editor.codes("MF101") == ["MF101"]


def test_what_is_not_saved_is_seen(editor):
    base = editor.folder / "base.py"
    unsaved = BASE.replace('@project(name="arxiv")\n', "").encode()
    assert editor.workspace.open(base, 1, unsaved)
    assert editor.codes("MF101") == ["MF101"]
    assert editor.workspace.open(base, 2, BASE.encode())
    assert editor.codes("MF101") == []
    assert not editor.workspace.open(base, 1, unsaved)  # an older version that comes late
    assert editor.codes("MF101") == []
    assert editor.workspace.open(base, 3, unsaved)
    assert editor.codes("MF101") == ["MF101"]
    editor.workspace.close(base)
    assert editor.codes("MF101") == []  # it was never saved
    editor.write("base.py", BASE)
    editor.workspace.open(base, 4, unsaved)
    assert editor.codes("MF101") == ["MF101"]
    editor.workspace.close(base)
    assert editor.codes("MF101") == []


def test_a_package_that_is_not_saved_is_seen(editor):
    """Neither its folder nor its file is on the disk."""
    text = SUBCLASS.replace("from base", "from shop.flows.base")
    assert editor.codes("MF101", text) == []
    unsaved = BASE.replace('@project(name="arxiv")\n', "").encode()
    editor.workspace.open(editor.folder / "shop/__init__.py", 1, b"")
    editor.workspace.open(editor.folder / "shop/flows/base.py", 1, unsaved)
    assert editor.codes("MF101", text) == ["MF101"]
    files = editor.workspace.snapshot().files(editor.folder)
    assert files.listing(editor.folder / "shop").folders == ("flows",)
    assert files.names_in(editor.folder / "shop") == {"__init__.py", "flows"}
    assert "shop" in files.listing(editor.folder).folders
    assert files.has_folder(editor.folder / "shop")


def test_a_projects_files_are_seen_as_they_are_now(editor):
    other = SUBCLASS.replace("Base", "FlowSpec").replace("from base", "from metaflow")
    assert editor.codes("MF006", other) == []
    editor.write("other.py", other)
    assert editor.codes("MF006", other) == ["MF006"]
    editor.workspace.open(editor.folder / "other.py", 1, other.replace("Papers", "X").encode())
    assert editor.codes("MF006", other) == []
    (editor.folder / "other.py").unlink()
    editor.workspace.close(editor.folder / "other.py")
    assert editor.codes("MF006", other) == []


def test_a_snapshot_stays_as_it_is(editor):
    editor.write("base.py", BASE)
    snapshot = editor.workspace.snapshot()
    files = snapshot.files(editor.folder)
    assert files.text(editor.folder / "base.py") == BASE
    assert not files.has_file(editor.folder / "later.py")
    editor.workspace.open(editor.folder / "base.py", 1, b"x")
    editor.write("base.py", "y")
    editor.write("later.py", "z")
    assert files.text(editor.folder / "base.py") == BASE
    assert not files.has_file(editor.folder / "later.py")
    changed = snapshot.with_texts({editor.folder / "base.py": b"w"})
    assert changed.files(editor.folder).text(editor.folder / "base.py") == "w"
    assert files.text(editor.folder / "base.py") == BASE
    later = editor.workspace.snapshot().files(editor.folder)
    assert later.text(editor.folder / "base.py") == "x"
    assert later.has_file(editor.folder / "later.py")


def test_fixing_leaves_what_is_not_saved_alone(editor):
    """The editor's texts were thrown away by each fix."""
    base = editor.folder / "base.py"
    editor.workspace.open(base, 1, BASE.replace('@project(name="arxiv")\n', "").encode())
    editor.linter.snapshot = snapshot = editor.workspace.snapshot()
    source = Source(editor.folder / "flow.py", SUBCLASS)
    settings = Settings(select=("MF1", "MF0"))
    done = apply_fixes(editor.linter, [source], lambda _: settings, set(Safety))
    assert editor.linter.snapshot is snapshot
    assert done.count
    assert editor.codes("MF101") == ["MF101"]


def test_two_linters_do_not_meet(tmp_path):
    """The second one's files, settings and texts were those of the first one, too."""
    first, second = Editor(tmp_path / "first"), Editor(tmp_path / "second")
    for editor in (first, second):
        editor.write("base.py", BASE)
    first.linter.expect([first.folder / "base.py"], {first.folder / "base.py"})
    first.workspace.open(
        second.folder / "base.py", 1, BASE.replace('@project(name="arxiv")\n', "").encode()
    )
    assert second.codes("MF101") == []
    assert not second.linter.snapshot.is_without_metaflow(first.folder / "base.py")
    assert first.linter.snapshot.workspace.kept(ParseCache) is not (
        second.linter.snapshot.workspace.kept(ParseCache)
    )
    assert first.codes("MF101", name="../second/flow.py") == ["MF101"]
    assert second.codes("MF101") == []


@pytest.fixture(params=["", "self.x = 1\n        del self.y", "print(self.missing)"])
def body(request):
    return request.param


def test_nothing_leaks(editor, body):
    """Each keystroke left a module; each finding about artifacts kept its module for ever."""
    editor.write("base.py", BASE)
    before = _modules()
    for number in range(8):
        text = SUBCLASS.replace(
            "        pass", f"        {body or 'pass'}\n        print({number})"
        )
        editor.codes("MF4", text)
    # Those of the last snapshot.
    assert _modules() - before <= 2


def _modules():
    gc.collect()
    return sum(isinstance(thing, Module) for thing in gc.get_objects())


def test_texts_are_dropped_when_there_are_many(monkeypatch, editor):
    monkeypatch.setattr("lint_rules.syntax.parse_cache.MOST_PARSED", 3 * len(SUBCLASS))
    for number in range(10):
        editor.codes("MF101", name=f"flow{number}.py")
    assert len(editor.workspace.kept(ParseCache)._known) <= 3


def test_work_can_be_cancelled(editor):
    deadline = Deadline()
    editor.linter.snapshot = editor.workspace.snapshot(deadline)
    sources = [Source(editor.folder / f"flow{n}.py", SUBCLASS) for n in range(50)]
    seen = []

    def settings_of(source):
        seen.append(source.path)
        if len(seen) == 60:
            thread = threading.Thread(target=deadline.cancel)
            thread.start()
            thread.join()
        return Settings(select=("MF1",))

    with pytest.raises(Cancelled):
        editor.linter.check_all(sources, settings_of)
    # The workspace is as good as before.
    assert editor.codes("MF101") == []
