"""`extend`: how a file's settings join those of another, also of an installed package."""

import site
import subprocess
import sys
from typing import get_origin

import pytest

from lint_rules.engine.registry import all_rules
from lint_rules.settings.configuration import Configuration
from lint_rules.settings.merging import merged
from lint_rules.settings.options import options
from lint_rules.settings.selection import selected, severity_of
from lint_rules.settings.validation import parse
from tests.folder import FLOW

BAD = FLOW.replace("ArxivTopics", "ArxivFlow")


@pytest.fixture
def settings(folder):
    """The settings of a folder whose file extends another, by the texts of both."""

    def of(base: str, child: str, **overrides):
        folder.write(".git/HEAD", "")
        folder.write("base.toml", base)
        folder.write("metaflow-lint.toml", 'extend = "base.toml"\n' + child)
        return Configuration(overrides).for_folder(folder.path)

    return of


def codes(settings) -> set[str]:
    return {rule.code for rule in selected(settings, all_rules())}


DEFAULT = {rule.code for rule in all_rules() if rule.default}
OPTIONAL = sorted({rule.code for rule in all_rules()} - DEFAULT)[0]


@pytest.mark.parametrize(
    ("base", "child", "expected"),
    [
        ('ignore = ["MF001"]', 'ignore = ["MF002"]', DEFAULT - {"MF001", "MF002"}),
        (f'extend-select = ["{OPTIONAL}"]', 'ignore = ["MF002"]', DEFAULT - {"MF002"} | {OPTIONAL}),
        ('select = ["MF001", "MF002"]', 'ignore = ["MF0"]', set()),
        ('select = ["MF001"]', 'extend-select = ["MF301"]', {"MF001", "MF301"}),
        ('select = ["MF3"]\nignore = ["MF301"]', 'select = ["MF301"]', {"MF301"}),
        ('ignore = ["MF301"]', 'extend-select = ["MF301"]', DEFAULT),
        ('select = ["MF301"]\nignore = ["MF3"]', "", {"MF301"}),
        ('select = ["MF001"]', "", {"MF001"}),
        ('ignore = ["ALL"]', 'select = ["MF002"]', {"MF002"}),
    ],
)
def test_what_selects_rules_is_applied_file_by_file(settings, base, child, expected):
    assert codes(settings(base, child)) == expected


RUFF = {"F401": "MF101", "E711": "MF001", "E741": "MF002", '"E7"': '"MF0"'}
"""Selectors of Ruff, and selectors of ours that relate to each other in the same way."""


@pytest.mark.parametrize(
    ("base", "child"),
    [
        ('ignore = ["F401"]', 'extend-select = ["F401"]\nignore = ["E711"]'),
        ('ignore = ["F401", "E711"]', 'select = ["F401", "E741"]'),
        ('select = ["F401"]\nextend-select = ["E711"]', 'ignore = ["E7"]'),
        ('select = ["F401"]\nignore = ["E711"]', 'extend-select = ["E7"]'),
        ("", 'ignore = ["E711"]'),
    ],
)
def test_ruff_selects_in_the_same_way(process_folder, base, child):
    """Ruff itself, on a file with one finding of each code."""
    folder = process_folder
    folder.write("a.py", "import re\n\nl = 1\nprint(l == None)\n")
    if "select" not in base:
        base += '\nselect = ["F401", "E711", "E741"]'
    folder.write("base.toml", f"[lint]\n{base}\n")
    folder.write("ruff.toml", f'extend = "base.toml"\n[lint]\n{child}\n')
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise"]
    found = subprocess.run(ruff, cwd=folder.path, capture_output=True, text=True).stdout
    for theirs, ours in RUFF.items():
        base, child = base.replace(theirs, ours), child.replace(theirs, ours)
    folder.write("ours/base.toml", base)
    folder.write("ours/metaflow-lint.toml", f'extend = "base.toml"\n{child}')
    expected = {ours for theirs, ours in RUFF.items() if f": {theirs} " in found}
    ours = codes(Configuration().for_folder(folder.path / "ours"))
    assert expected == ours & {"MF101", "MF001", "MF002"}


def test_lists_add_and_tables_join(settings):
    found = settings(
        'exclude = ["old", "!new"]\ngeneric-names = ["Shop"]\nlocal-rules = ["rules"]\n'
        'severity = { MF301 = "info", MF1 = "error" }\nmax-step-statements = 9\nfail-on = "error"\n'
        'per-file-ignores = { "a.py" = ["MF1"], "b.py" = ["MF1"] }\nproject = "shop"\n'
        'conda-decorators = ["conda"]',
        'exclude = ["older"]\ngeneric-names = ["Store"]\nlocal-rules = ["more"]\n'
        'severity = { MF301 = "warning" }\nmax-step-statements = 7\n'
        'per-file-ignores = { "b.py" = ["MF2"] }\nconda-decorators = ["pypi"]',
    )
    assert found.exclude == ("old", "!new", "older")
    assert found.generic_names == ("Shop", "Store")
    assert [path.rpartition("/")[2] for path in found.local_rules] == ["rules", "more"]
    assert found.severity == {"MF301": "warning", "MF1": "error"}
    assert (found.max_step_statements, found.fail_on, found.project) == (7, "error", "shop")
    assert found.per_file_ignores == {"a.py": ("MF1",), "b.py": ("MF2",)}
    assert found.conda_decorators == ("pypi",)


@pytest.mark.parametrize("option", options().values(), ids=options())
def test_the_page_of_settings_says_how_each_joins(option):
    from lint_rules.reference.pages import settings_page

    setting = option.name.replace("_", "-")
    row = next(line for line in settings_page().splitlines() if f"| `{setting}` |" in line)
    two = [{option.name: {name: 1}} for name in "ab"]
    if get_origin(option.type) is not dict:
        kind = tuple if get_origin(option.type) is tuple else str
        two = [{option.name: kind(name)} for name in "ab"]
    joined = merged(*two)[option.name]
    assert ("| adds |" if len(joined) == 2 else "| replaces |") in row


def test_the_command_line_goes_on_top(settings):
    base = 'ignore = ["MF001"]'
    assert codes(settings(base, "", ignore=("MF002",))) == DEFAULT - {"MF001", "MF002"}
    assert codes(settings(base, "", extend_select=("MF001",))) == DEFAULT
    assert codes(settings(base, "", select=("MF0",))) >= {"MF001", "MF002"}


def test_messages_name_the_file_that_a_selector_is_in(folder):
    folder.write(".git/HEAD", "")
    folder.write("flow.py", FLOW)
    folder.write("base.toml", 'ignore = ["MF1O1"]')
    folder.write("metaflow-lint.toml", 'extend = "base.toml"')
    assert "base.toml: no rule has the code `MF1O1`" in folder.lint("check").err


@pytest.fixture
def acme(tmp_path_factory, monkeypatch):
    """An installed package with settings; running its code ends the test."""
    folder = tmp_path_factory.mktemp("site")
    package = folder / "acme_lint"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('the package was run')\n")
    (package / "strict.toml").write_text('ignore = ["MF001"]\nseverity = { MF002 = "info" }\n')
    (package / "sub").mkdir()
    (package / "sub" / "more.toml").write_text('extend = "../strict.toml"\nignore = ["MF002"]\n')
    monkeypatch.syspath_prepend(folder)
    return package


@pytest.fixture
def checkout(folder):
    folder.write(".git/HEAD", "")
    folder.write("flow.py", BAD)
    return folder


def test_settings_of_an_installed_package(checkout, acme):
    checkout.write("metaflow-lint.toml", 'extend = "pkg:acme_lint/strict.toml"\nproject = "x"')
    assert "MF001" not in " ".join(checkout.codes())
    shown = checkout.lint("check", "--show-settings").out
    assert f"extend = '{acme}/strict.toml'" in shown
    assert "ignore = ('MF001',)" in shown
    checkout.write("metaflow-lint.toml", 'extend = "pkg:acme_lint/sub/more.toml"')
    assert "ignore = ('MF001', 'MF002')" in checkout.lint("check", "--show-settings").out
    assert "acme_lint" not in sys.modules


def test_a_named_file_extends_a_package(folder, checkout, acme):
    file = folder.path.parent / "company.toml"
    file.write_text('extend = "pkg:acme_lint/strict.toml"')
    assert "MF001" not in " ".join(checkout.codes("--config", str(file)))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("pkg:acme_lnt/strict.toml", "the package `acme_lnt`, which is not installed"),
        ("pkg:acme_lint/strikt.toml", "does not contain. Did you mean `strict.toml`?"),
        ("pkg:acme_lint/../secret.toml", "Write a package and a file in it"),
        ("pkg:acme_lint//etc/x.toml", "Write a package and a file in it"),
        ("pkg:acme_lint", "Write a package and a file in it"),
        ("pkg:acme_lint/__init__.py", "Write a package and a file in it"),
        ("pkg:acme_lint.sub/more.toml", "Write a package and a file in it"),
        ("pkg:sys/strict.toml", "which is not installed"),
        ("pkg:acme_lint/link.toml", "does not contain"),
        ("pkg:acme_lint/out.toml", "out of the package"),
        ("pkg:acme_lint/known.toml", "out of the package"),
        ("pkg:acme_lint/circle.toml", "goes in a circle"),
        ("pkg:acme_lint/gone.toml", "nothing.toml, which does not exist"),
    ],
)
def test_packages_that_cannot_be_extended(checkout, acme, given, sentence):
    (acme.parent / "secret.toml").write_text("ignore = []")
    (acme / "link.toml").symlink_to("../secret.toml")
    (acme / "out.toml").write_text('extend = "../secret.toml"')
    (acme / "known.toml").write_text('baseline = "../known.json"')
    (acme / "circle.toml").write_text('extend = "pkg:acme_lint/circle.toml"')
    (acme / "gone.toml").write_text('extend = "nothing.toml"')
    checkout.write("metaflow-lint.toml", f'extend = "{given}"')
    result = checkout.lint("check")
    assert (result.status, result.out) == (2, "")
    assert sentence in result.err


@pytest.mark.parametrize("named", [False, True])
def test_a_package_of_the_checkout_is_not_installed(checkout, monkeypatch, named):
    """A checkout must not choose settings for a file that somebody else wrote."""
    checkout.write("evil_lint/__init__.py", "raise SystemExit('the package was run')")
    checkout.write("evil_lint/strict.toml", 'ignore = ["ALL"]')
    monkeypatch.syspath_prepend(checkout.path)
    file = checkout.path.parent / "company.toml" if named else checkout.path / "metaflow-lint.toml"
    file.write_text('extend = "pkg:evil_lint/strict.toml"')
    result = checkout.lint("check", *(["--config", str(file)] if named else []))
    assert result.status == 2
    assert "the package `evil_lint`, which is in the repository itself" in result.err


def test_an_environment_in_the_checkout_holds_installed_packages(checkout, monkeypatch):
    place = checkout.path / ".venv" / "lib" / "site-packages"
    checkout.write(".venv/lib/site-packages/in_venv/strict.toml", 'ignore = ["MF001"]')
    checkout.write("metaflow-lint.toml", 'extend = "pkg:in_venv/strict.toml"')
    monkeypatch.syspath_prepend(place)
    assert "in the repository itself" in checkout.lint("check").err
    monkeypatch.setattr(site, "getsitepackages", lambda: [str(place)])
    assert checkout.lint("check").status == 0


def test_a_link_in_an_environment_leads_to_the_checkout(checkout, monkeypatch):
    """As an editable installation: the package is where its source is."""
    place = checkout.path / ".venv" / "lib" / "site-packages"
    checkout.write("linked/strict.toml", 'ignore = ["MF001"]')
    checkout.write(".venv/lib/site-packages/other.txt", "")
    (place / "linked").symlink_to(checkout.path / "linked")
    checkout.write("metaflow-lint.toml", 'extend = "pkg:linked/strict.toml"')
    monkeypatch.syspath_prepend(place)
    monkeypatch.setattr(site, "getsitepackages", lambda: [str(place)])
    assert "in the repository itself" in checkout.lint("check").err


COMPANY = """\
select = ["MF001", "MF002", "MF101"]
fail-on = "error"
repository-settings = ["project", "baseline", "per-file-ignores", "exclude"]
"""


@pytest.fixture
def company(checkout):
    """A file beside the checkout that says what the checkout may add to it."""
    file = checkout.path.parent / "company.toml"
    file.write_text(COMPANY)
    return file


def test_a_repository_adds_what_a_named_file_allows(checkout, company):
    checkout.write("sub/flow.py", BAD.replace("ArxivFlow", "ArxivPapersFlow"))
    checkout.write("old/flow.py", BAD.replace("ArxivFlow", "ArxivOldFlow"))
    words = ("--config", str(company))
    assert len(checkout.codes(*words)) == 3
    checkout.write(
        "metaflow-lint.toml",
        'ignore = ["MF001"]\nfail-on = "info"\nlocal-rules = ["nothing"]\nproject = "shop"\n'
        'exclude = ["old/"]\nper-file-ignores = { "sub/**" = ["MF001"] }',
    )
    assert checkout.codes(*words) == ["flow.py:5 MF001"]
    shown = checkout.lint("check", "--show-settings", *words).out
    assert "project = 'shop'" in shown
    assert "fail-on = 'error'" in shown
    assert "local-rules = ()" in shown
    assert checkout.lint("check", *words).status == 0
    checkout.write("metaflow-lint.toml", 'baseline = "known.json"')
    assert "known.json: this baseline does not exist" in checkout.lint("check", *words).err
    assert checkout.lint("check", "--write-baseline", *words).status == 0
    assert checkout.codes(*words) == []
    checkout.write("metaflow-lint.toml", 'baseline = "../known.json"')
    assert "out of the repository" in checkout.lint("check", *words).err


def test_a_repository_adds_nothing_by_itself(checkout, company):
    company.write_text('select = ["MF001"]')
    checkout.write("metaflow-lint.toml", "this is no TOML")
    assert checkout.codes("--config", str(company)) == ["flow.py:5 MF001"]


@pytest.mark.parametrize("name", ["extend", "repository-settings", "projekt"])
def test_what_a_repository_cannot_add(checkout, company, name):
    company.write_text(f'repository-settings = ["{name}"]')
    result = checkout.lint("check", "--config", str(company))
    assert result.status == 2
    assert f"company.toml: `repository-settings`: a repository cannot add a setting `{name}`" in (
        result.err
    )


def test_severities_of_several_files(checkout):
    checkout.write("base.toml", 'severity = { MF0 = "error" }')
    checkout.write("metaflow-lint.toml", 'extend = "base.toml"\nseverity = { MF001 = "info" }')
    found = Configuration().for_folder(checkout.path)
    rules = {rule.code: rule for rule in all_rules()}

    class Finding:
        severity = None

        def __init__(self, code):
            self.code, self.group = code, rules[code].group

    assert severity_of(Finding("MF001"), found).value == "info"
    assert severity_of(Finding("MF002"), found).value == "error"


def test_forms_of_the_new_settings(folder):
    from lint_rules.settings.options import SettingsError

    with pytest.raises(SettingsError, match="the name of a setting"):
        parse({"repository-settings": ["Project"]}, folder.path / "metaflow-lint.toml")
