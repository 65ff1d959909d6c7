"""What a run keeps for the next one: that reports what it would find itself, byte for byte."""

import json
import os
import random
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from lint_rules.diagnostics.diagnostic import Diagnostic, RelatedLocation, Safety, TextEdit
from lint_rules.engine.cache import verifier
from lint_rules.engine.cache.codec import decoded, encoded
from lint_rules.workspace.source import Position
from tests.engine.cache.project import BASE, RULE, Project

FLOWS = ["flows/alone.py", "flows/orders.py", "flows/sales.py", "shop/base.py"]


@pytest.fixture(autouse=True)
def _code_is_old(monkeypatch):
    """The linter's own files may be as new as a test; those of a project are always new."""
    monkeypatch.setattr(verifier.Verifier, "is_old", lambda *_: True)


@pytest.fixture
def project(tmp_path, capsys, monkeypatch) -> Project:
    folder = tmp_path / "project"
    folder.mkdir()
    return Project(folder, capsys, monkeypatch)


def test_the_second_run_checks_no_file_again(project):
    fresh = project.cold()
    assert sorted(project.checked) == FLOWS
    assert json.loads(fresh.report)
    assert project.warm() == fresh
    assert sorted(project.checked) == FLOWS
    assert project.warm() == fresh
    assert project.checked == []


def test_files_that_are_too_large_are_reported_again(project):
    """The report quotes a file, and this one is read in no run."""
    project.write("metaflow-lint.toml", "max-file-size = 3000\n")
    project.write("flows/large.py", f"import metaflow\n#{'x' * 3000}\n")
    fresh = project.cold()
    assert "flows/large.py" in fresh.report
    assert [project.warm() for _ in range(3)] == [fresh] * 3


@pytest.mark.parametrize(
    ("path", "checked"),
    [
        ("flows/orders.py", ["flows/orders.py"]),
        ("flows/alone.py", ["flows/alone.py"]),
        ("shop/base.py", ["flows/orders.py", "flows/sales.py", "shop/base.py"]),
        ("shop/names.py", ["flows/orders.py", "flows/sales.py"]),
        ("shop/helpers.py", ["flows/orders.py", "flows/sales.py"]),
        ("limits.json", ["flows/orders.py", "flows/sales.py"]),
        ("README.md", []),
    ],
)
def test_a_change_is_seen_by_the_files_that_depend_on_it_alone(project, path, checked):
    project.warm()
    project.append(path, " \n")
    output = project.warm()
    assert sorted(project.checked) == checked
    assert output == project.cold()


def test_what_is_touched_or_checked_out_again_is_the_same(project):
    """As in CI, which restores a cache beside files with other dates and inodes."""
    fresh = project.warm()
    for file in list(project.folder.rglob("*.py")):
        content = file.read_bytes()
        file.unlink()
        file.write_bytes(content)
        os.utime(file, (1, 1))
    assert project.warm() == fresh
    assert project.checked == []


def test_a_change_that_keeps_size_and_date_is_seen(project):
    file = project.folder / "shop/names.py"
    project.warm()
    known = file.stat()
    project.write("shop/names.py", 'EVEMT = "ordered"\n')
    os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert file.stat().st_size == known.st_size
    assert project.warm() == project.cold()


def test_the_state_of_a_file_is_not_trusted_while_it_is_new(project, monkeypatch):
    """Two changes within one tick of the clock have the same state: here all files do."""
    monkeypatch.setattr(
        "lint_rules.workspace.recording.state_of",
        lambda status: (0, 0, status.st_mode, status.st_size, 0, status.st_ctime_ns),
    )
    project.warm()
    before = project.warm()
    project.write("shop/names.py", 'EVEMT = "ordered"\n')
    assert project.warm() == project.cold() != before


def test_a_file_that_changes_while_it_is_checked_is_not_kept_as_it_was(project, monkeypatch):
    from lint_rules.engine.linter import Linter

    alone = Linter._check_alone

    def changing(linter, source, settings):
        if source.path.name == "orders.py":
            project.write("flows/sales.py", BASE.format(project="other", name="Sales"))
            project.write("shop/names.py", 'EVENT = "changed"\n')
        return alone(linter, source, settings)

    with monkeypatch.context() as patch:
        patch.setattr(Linter, "_check_alone", changing)
        project.warm()
    assert project.warm() == project.cold()


def test_rules_of_the_repository_that_change_come_or_go_are_seen(project):
    project.write("lint/one.py", RULE.format(name="one", code="TEAM001", message="first"))
    project.write("pyproject.toml", "[tool.metaflow-lint]\nselect=['ALL']\nlocal-rules=['lint']\n")
    assert "first" in project.warm().report
    assert project.warm() == project.cold()
    project.write("lint/one.py", RULE.format(name="one", code="TEAM001", message="other"))
    assert "other" in project.warm().report
    project.write("lint/two.py", RULE.format(name="two", code="TEAM002", message="second"))
    assert "second" in project.warm().report
    project.remove("lint/two.py")
    output = project.warm()
    assert "second" not in output.report
    assert output == project.cold()
    project.warm()
    assert project.checked == []


@pytest.mark.parametrize("name", ["libcst/_version.py", "rules/mf999_new.py"])
def test_other_code_finds_everything_again(project, monkeypatch, tmp_path, name):
    """A module that is loaded, and another version of it."""
    module = tmp_path / name
    module.parent.mkdir()
    module.write_text("VERSION = 1\n")
    monkeypatch.setitem(sys.modules, "some_module", SimpleNamespace(__file__=str(module)))
    project.warm()
    project.warm()
    assert project.checked == []
    module.write_text("VERSION = 2\n")
    project.warm()
    assert sorted(project.checked) == FLOWS
    project.warm()
    assert project.checked == []


def test_so_does_another_python_or_import_path(project, monkeypatch, tmp_path):
    project.warm()
    monkeypatch.syspath_prepend(tmp_path)
    project.warm()
    assert sorted(project.checked) == FLOWS
    monkeypatch.setattr("sys.version", "4.0")
    project.warm()
    assert sorted(project.checked) == FLOWS


def test_nothing_is_kept_while_code_is_being_changed(project, monkeypatch):
    monkeypatch.undo()
    monkeypatch.chdir(project.folder)
    monkeypatch.setattr(verifier.Verifier, "is_old", lambda *_: False)
    project.warm()
    assert not list(project.folder.parent.glob("cache/*/*.run"))
    assert not list(project.folder.parent.glob("cache/*/*.files"))


def test_a_package_that_names_rules_is_noticed(project, monkeypatch, tmp_path):
    site = tmp_path / "site"
    info = site / "other-1.dist-info"
    info.mkdir(parents=True)
    monkeypatch.setattr("sys.path", [*sys.path, str(site)])
    project.warm()
    project.warm()
    assert project.checked == []
    (info / "entry_points.txt").write_text("[console_scripts]\n")
    project.warm()
    assert sorted(project.checked) == FLOWS


def test_other_settings_and_options_find_things_again(project):
    project.warm()
    assert project.warm("--select=MF1") == project.cold("--select=MF1")
    project.write("flows/metaflow-lint.toml", "select = ['MF2']\n")
    assert project.warm() == project.cold()
    project.write("flows/metaflow-lint.toml", "select = ['MF3']\n")
    assert project.warm() == project.cold()
    settings = project.folder.parent / "settings.toml"
    for text in ("select = ['MF2']\n", "select = ['MF4']\n"):
        settings.write_text(text)
        given = f"--config={settings}"
        assert project.warm(given) == project.cold(given)


def test_warnings_are_repeated(project, tmp_path):
    (tmp_path / "secret.py").write_text("import metaflow\n")
    project.link("flows/outside.py", str(tmp_path / "secret.py"))
    fresh = project.cold()
    assert "outside.py" in fresh.err
    assert project.warm() == fresh
    assert project.warm() == fresh
    assert project.checked == []


def test_a_run_that_could_not_read_something_is_done_again(project, monkeypatch):
    real = os.open

    def refused(path, *rest, **more):
        if str(path).endswith("sales.py"):
            raise PermissionError(13, "Permission denied")
        return real(path, *rest, **more)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refused)
        output = project.warm()
        assert output.status == 2
        assert project.warm() == output
    assert project.warm() == project.cold()


@pytest.mark.parametrize("suffix", ["run", "files"])
@pytest.mark.parametrize(
    "content", [b"", b"\x80", b"{}", b"[" * 100_000], ids=["empty", "bytes", "json", "deep"]
)
def test_an_entry_that_is_broken_is_replaced(project, suffix, content):
    fresh = project.warm()
    (entry,) = project.folder.parent.glob(f"cache/*/*.{suffix}")
    good = entry.read_bytes()
    for broken in (content, good[: len(good) // 2], good.replace(b"MF", b"MG", 1)):
        entry.write_bytes(broken)
        project.append("README.md", "x")
        assert project.warm() == fresh
    project.warm()
    assert project.checked == []


def test_an_entry_is_no_other_one(project):
    project.warm()
    project.warm("--select=MF1")
    one, other = sorted(project.folder.parent.glob("cache/*/*.run"))
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)
    assert project.warm() == project.cold()
    assert project.warm("--select=MF1") == project.cold("--select=MF1")


def test_two_linters_in_a_process_do_not_meet(project, tmp_path, capsys, monkeypatch):
    fresh = project.warm()
    folder = tmp_path / "other"
    folder.mkdir()
    other = Project(folder, capsys, monkeypatch)
    other.write("shop/names.py", 'EVENT = "another"\n')
    assert other.warm() == other.cold()
    monkeypatch.chdir(project.folder)
    assert project.warm() == fresh


# Any changes in any order

NAMES = ["shop/base.py", "shop/names.py", "shop/helpers.py", "flows/orders.py", "flows/new.py"]
FOLDERS = ["", "flows/", "shop/", "src/"]
REMOVED = """
src shop flows flows/.git flows/sales.py flows/quiet.py flows/linked.py flows/names.py names.py
shop/other.py shop/__init__.py flows/pyproject.toml shop/pyproject.toml .gitignore
""".split()
SETTINGS = [
    "",
    "[tool.metaflow-lint]\nselect = ['ALL']\n",
    "[tool.metaflow-lint]\nselect = ['MF4']\n",
    "[tool.metaflow-lint]\nselect = ['ALL']\nproject = 'shop'\n",
    "[tool.metaflow-lint]\nextend-select = ['ALL']\nmax-step-statements = 1\n",
    '[tool.uv.sources]\nx = { path = "../src" }\n',
]
TEXTS = {
    "shop/names.py": ['EVENT = "ordered"\n', 'EVENT = "sold"\n', "from shop.other import EVENT\n"],
    "shop/base.py": [
        BASE.format(project="a", name="Base"),
        BASE.format(project="b", name="Base"),
        "from shop.deeper import Base\n",
        "class Base: pass\n",
        "x = (\n",
        "",
    ],
    "shop/deeper.py": [BASE.format(project=name, name="Base") for name in "ab"],
    "flows/quiet.py": ["from flows.sales import Sales\nclass Quiet(Sales): pass\n"],
    "tests/test_sales.py": [
        "",
        "from flows.sales import shop\n",
        "from flows import sales, orders\nsales.start\n",
        "from flows import sales, orders\nsales.shop\n",
        "import mock\nmock.patch('flows.orders.shop.helpers')\n",
    ],
    "plain.py": ["print(1)\n", "import metaflow\n", "raise_event = 1\n"],
    "limits.json": ["{}", '{"a": "b"}', "{"],
    ".gitignore": ["", "flows/new.py\n", "sales.py\n", "shop/\n"],
    "flows/.git": ["", "gitdir: ../x\n"],
    **{f"{folder}names.py": ['EVENT = "beside"\n'] for folder in FOLDERS},
    **{f"{folder}shop/other.py": ['EVENT = "a"\n', 'EVENT = "b"\n'] for folder in FOLDERS},
    **{f"{folder}shop/__init__.py": ["", "namespace(None)\n"] for folder in FOLDERS},
    **{f"{folder}pyproject.toml": SETTINGS for folder in ("", "", "flows/", "shop/")},
}
LINKS = {
    "flows/linked.py": ["sales.py", "../shop/base.py", "nowhere.py"],
    "shop/names.py": ["other.py", "nowhere.py"],
    "src": ["shop", "flows", "."],
}


def _change(project: Project, chance: random.Random) -> None:
    one = chance.choice
    match chance.randrange(12):
        case 0 | 1 | 2 | 3:
            path = one([*TEXTS])
            project.write(path, one(TEXTS[path]))
        case 4 | 5:
            project.append(one(NAMES), one(["\n", "# noqa\n", "# noqa MF101\n", "x = (\n"]))
        case 6:
            project.flow("flows/orders.py", one(["Orders", "Sales", "OrdersFlow"]))
        case 7:
            project.flow("flows/new.py", "New", read=one(["self.rows", "self.none", "1"]))
        case 8:
            base, name = one([("flows.sales", "Sales"), (".orders", "Orders")])
            project.flow(f"{one(FOLDERS)}more.py", "More", base=base, name_of_base=name)
        case 9:
            path = one([*LINKS])
            project.link(path, one(LINKS[path]))
        case 10:
            project.remove(one([*NAMES, *REMOVED]))
        case 11:
            project.settle()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(int(os.environ.get("CACHE_SEEDS", "3"))))
def test_after_any_changes_a_run_with_a_cache_reports_what_one_without_does(project, seed):
    chance = random.Random(seed)
    checked = 0
    for number in range(40):
        for _ in range(chance.choice([0, 1, 1, 1, 2, 4])):
            _change(project, chance)
        options = chance.choice([[], [], [], ["flows"], ["flows/orders.py", "shop/base.py"]])
        options = [path for path in options if Path(path).exists()]
        warm = project.warm(*options)
        checked += len(project.checked)
        assert warm == project.cold(*options), number
        checked -= len(project.checked)
    assert checked < 0


# What is kept


def test_diagnostics_come_back_as_they_were():
    here = Position(1, 2)
    related = (RelatedLocation("b.py", "there", here, here),)
    edits = (TextEdit(1, 2, "x", (0, "y")),)
    given = Diagnostic(
        "a.py", "MF1", "n", "m", "h", here, here, edits, "fix", Safety.SAFE, None, related
    )
    assert decoded(json.loads(json.dumps(encoded(given)))) == given


def test_only_diagnostics_come_back():
    with pytest.raises(TypeError):
        encoded(object())
    with pytest.raises(KeyError):
        decoded(["Popen", "true"])


# What is left out


def test_what_fails_or_is_too_complex_is_looked_at_again(project, monkeypatch):
    from lint_rules.budget import TooComplex
    from lint_rules.rules.steps.mf302_missing_step_docstring import MissingStepDocstring

    fresh = project.warm()
    for error in (ValueError("odd"), TooComplex("start")):

        def failing(rule, step, error=error):
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(MissingStepDocstring, "check", failing)
            project.append("flows/orders.py", "\n")
            output = project.warm()
            assert output.err
            assert output == project.warm()
        assert project.warm() == project.cold()
        assert project.warm().report == fresh.report
