"""Settings are checked when they are loaded: file and line are named, the JSON schema agrees."""

import json
import time

import jsonschema
import pytest

from lint_rules.settings.options import SettingsError
from lint_rules.settings.schema import schema
from lint_rules.settings.validation import parse
from lint_rules.settings.version import check_version
from lint_rules.workspace.toml import parse_toml
from tests.folder import FLOW

WRONG = [
    ("project", "Rag Demo", "at most 128 lowercase letters, digits and underscores"),
    ("project", "", "at most 128"),
    ("project", "a" * 129, "at most 128"),
    ("project", 1, "a string, and is 1"),
    ("max-step-statements", -1, "at least 1, and is -1"),
    ("max-step-statements", 0, "at least 1"),
    ("max-step-statements", True, "a whole number"),
    ("max-step-statements", 7.5, "a whole number"),
    ("docstring-step-statements", -1, "at least 0"),
    ("select", "MF1", "a list of strings"),
    ("select", [""], "a rule's code"),
    ("ignore", ["MF 101"], "a rule's code"),
    ("exclude", [""], "a line of text that is not empty"),
    ("extend-exclude", ["a\nb"], "a line of text"),
    ("per-file-ignores", {"a": ["MF1,"]}, "`a` must be a rule's code"),
    ("per-file-ignores", {"a": "MF1"}, "`a` must be a list"),
    ("baseline", "", "a path"),
    ("local-rules", ["a\0b"], "a path"),
    ("extend", "", "a path"),
    ("project-root", "", "a path"),
    ("own-packages", ["my-package"], "a Python name, with dots"),
    ("own-packages", ["a..b"], "a Python name, with dots"),
    ("generic-names", ["two words"], "a Python name"),
    ("conda-decorators", ["@conda"], "a Python name"),
    ("event-decorators", [""], "a Python name"),
    ("external-events", [" "], "a line of text"),
    ("library-types", ["pandas:DataFrame"], "a Python name, with dots"),
    ("required-version", "newest", "a version such as"),
    ("required-version", " " * 100_000, "a version such as"),
]
RIGHT = [
    ("project", "rag_demo"),
    ("max-step-statements", 1),
    ("docstring-step-statements", 0),
    ("select", ["ALL", "MF3", "MF101", "TEAM001"]),
    ("exclude", ["old/", "*.py"]),
    ("per-file-ignores", {"tests/**": ["MF"]}),
    ("own-packages", ["shared.flows", "été"]),
    ("external-events", ["s3 / put"]),
    ("library-types", ["xarray.Dataset"]),
    ("required-version", ">=0.1, <1"),
]


@pytest.mark.parametrize(("name", "value", "what"), WRONG, ids=lambda given: str(given)[:30])
def test_what_a_setting_does_not_take(tmp_path, name, value, what):
    with pytest.raises(SettingsError) as error:
        parse({name: value}, tmp_path / "metaflow-lint.toml")
    assert what in str(error.value)
    assert len(str(error.value)) < 600
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({name: value}, schema())


@pytest.mark.parametrize(("name", "value"), RIGHT, ids=str)
def test_what_a_setting_takes(tmp_path, name, value):
    parse({name: value}, tmp_path / "metaflow-lint.toml")
    jsonschema.validate({name: value}, schema())


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("pyproject.toml", '[tool.metaflow-lint]\nselect = []\nproject = "Rag Demo"\n', 3),
        ("pyproject.toml", '[project]\nproject=1\n\n[tool.metaflow-lint]\nproject = "R D"', 5),
        ("metaflow-lint.toml", '\n"project" = "Rag Demo"\n', 2),
        ("metaflow-lint.toml", "selekt = []\n", 1),
        ("metaflow-lint.toml", 'select = []\n[per-file-ignores]\n"a" = [""]\n', 2),
    ],
)
def test_messages_name_file_and_line(folder, file, text, line):
    folder.write("flow.py", FLOW)
    folder.write(file, text)
    result = folder.lint("check")
    assert result.status == 2
    assert f"{folder.path / file}:{line}: " in result.err


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * 49_000) + "=1",
        "[" + ".".join("a" * 49_000) + "]",
        " \t.".join(['"a"'] * 20_000) + "=1",
        "x = {" + ".".join("a" * 49_000) + "=1}",
        "x = " + "[" * 100_000,
        "x = " + "{a=" * 30_000,
        'x = """' + '\\"""' * 30_000,
        "x = '''" + "''" * 30_000,
        'x = "' + '\\"' * 40_000,
        "# " + "x" * 2_000_000,
    ],
    ids=lambda text: text[:10],
)
@pytest.mark.parametrize("file", ["pyproject.toml", "metaflow-lint.toml"])
def test_toml_of_any_shape_is_refused_at_once(folder, file, text):
    folder.write("flow.py", FLOW)
    folder.write(file, f"{text}\n[tool.metaflow-lint]\n")
    begun = time.process_time()
    result = folder.lint("check")
    assert time.process_time() - begun < 3
    assert result.status == 2
    assert f"{file}: this is no valid TOML: " in result.err


@pytest.mark.parametrize(
    "text",
    [
        'x = "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z.0.1.2.3.4.5.6.7.8.9"',
        "x = [" + ", ".join(["1.5"] * 100) + "]",
        "# " + "a." * 100 + "\nx = '''\n" + "a." * 100 + "'''",
        "a.b.c.d.e.f.g.h = 1",
    ],
)
def test_dots_elsewhere_than_in_keys_do_not_count(text):
    assert parse_toml(text)


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("extend", 'extend = "~nosuchuser/x"'),
        ("extend", 'extend = "loop.toml"'),
        ("extend", 'extend = "metaflow-lint.toml"'),
        ("extend", 'extend = "./sub/../metaflow-lint.toml"'),
        ("extend", 'extend = "nothing.toml"'),
        ("extend", 'extend = "sub"'),
        ("extend", f'extend = "{"a" * 5000}"'),
        ("baseline", f'baseline = "{"a" * 5000}"'),
        ("baseline", 'baseline = "loop.toml"'),
        ("baseline", 'baseline = "sub"'),
        ("local-rules", 'local-rules = ["loop.toml"]'),
        ("local-rules", f'local-rules = ["{"a" * 5000}"]'),
        ("exclude", 'exclude = ["a["]'),
        ("per-file-ignores", 'per-file-ignores = { "a[" = ["MF1"] }'),
    ],
    ids=lambda text: text[:30],
)
def test_settings_that_cannot_be_followed_end_in_a_sentence(folder, name, setting):
    folder.write("flow.py", FLOW.replace("ArxivTopics", "ArxivFlow"))
    folder.write("sub/x", "")
    (folder.path / "loop.toml").symlink_to("loop.toml")
    folder.write("metaflow-lint.toml", setting)
    result = folder.lint("check", "--select", "ALL")
    assert result.status == 2, result
    assert result.err.startswith("error: ")
    assert result.err.count("\n") == 1


def test_reversed_ranges_are_as_in_git(folder):
    folder.write(".gitignore", "[z-a]\n")
    folder.write(
        "metaflow-lint.toml", 'exclude = ["[z-a]"]\nper-file-ignores = { "[z-a]" = ["MF"] }'
    )
    folder.write("flow.py", FLOW.replace("ArxivTopics", "ArxivFlow"))
    assert folder.codes() == ["flow.py:5 MF001"]


@pytest.mark.parametrize(
    ("required", "version", "fits"),
    [
        ("0.1.0", "0.1", True),
        ("0.1", "0.1.0", True),
        ("0.1.0", "0.2.0", False),
        (">=0.2", "0.10.0", True),
        (">=0.2,<0.10", "0.10.0", False),
        ("!=0.1.0", "0.1.0", False),
        ("> 0.1, < 1", "0.1.1", True),
    ],
)
def test_required_version(tmp_path, required, version, fits):
    if fits:
        check_version(required, tmp_path, version)
    else:
        with pytest.raises(SettingsError, match=f"this is metaflow-lint {version}"):
            check_version(required, tmp_path, version)


def test_another_version_than_required_ends_the_run(folder):
    folder.write("flow.py", FLOW)
    folder.write("metaflow-lint.toml", 'required-version = ">=99"\n')
    result = folder.lint("check")
    assert (result.status, result.out) == (2, "")
    assert "`required-version` is `>=99`, and this is metaflow-lint" in result.err


def test_the_schema_is_one():
    jsonschema.Draft7Validator.check_schema(json.loads(json.dumps(schema())))
