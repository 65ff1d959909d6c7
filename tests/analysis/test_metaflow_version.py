"""Which version of Metaflow a project states, and when none is certain."""

import pytest

from lint_rules.analysis.imports import ImportResolver
from lint_rules.analysis.metaflow_version import metaflow_of
from lint_rules.metaflow import known_versions
from lint_rules.model.module import Module
from lint_rules.syntax.read import read
from lint_rules.workspace.workspace import Workspace

NEWEST = known_versions()[-1]
BEFORE_2_16 = [v for v in known_versions() if v.startswith("2.15.")][-1]
FLOW = "from metaflow import FlowSpec\n"
LOCK = '[[package]]\nname = "metaflow"\nversion = "2.16.0"\n'


def version(folder, text=FLOW, given=None):
    """The version of the facts about a file of a folder."""
    (folder / ".git").mkdir(exist_ok=True)
    resolver = ImportResolver(Workspace().snapshot(), folder / "flow.py")
    module = Module(*read(text, resolver.path), resolver, text)
    found = metaflow_of(module, given)
    return found.version if found else None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("requirements.txt", "pandas\n", NEWEST),
        ("requirements.txt", "metaflow\n", NEWEST),
        ("requirements.txt", "metaflow==2.16.0\n", "2.16.0"),
        ("requirements-dev.txt", "metaflow[s3] == 2.16.0  # pinned\n", "2.16.0"),
        ("requirements.txt", "metaflow>=2.12,<2.16\n", BEFORE_2_16),
        ("requirements.txt", "metaflow~=2.18.0\n", "2.18.10"),
        ("requirements.txt", "metaflow-stubs==2.12.0\n", NEWEST),
        ("requirements.txt", "metaflow==2.17.3\n", None),
        ("requirements.txt", "metaflow==2.11.0\n", None),
        ("requirements.txt", "outerbounds\n", None),
        ("requirements.txt", "metaflow-checkpoint\n", None),
        ("pyproject.toml", '[project]\ndependencies = ["metaflow>=2.19"]\n', NEWEST),
        ("pyproject.toml", '[tool.poetry.dependencies]\nmetaflow = "^2.12"\n', NEWEST),
        ("environment.yml", "dependencies:\n  - metaflow=2.16.0\n", "2.16.0"),
        ("uv.lock", LOCK, "2.16.0"),
        ("metaflow.py", "", None),
    ],
)
def test_what_a_project_states(tmp_path, name, text, expected):
    (tmp_path / name).write_text(text)
    assert version(tmp_path) == expected


def test_a_lock_file_goes_before_requirements_and_the_setting_before_both(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["metaflow>=2.12"]\n')
    (tmp_path / "uv.lock").write_text(LOCK)
    assert version(tmp_path) == "2.16.0"
    assert version(tmp_path, given="2.18.7") == "2.18.7"


@pytest.mark.parametrize(
    "line",
    [
        "from metaflow import checkpoint",
        "import metaflow_extensions.own",
        "from metaflow import new",
    ],
)
def test_what_an_extension_may_change_is_not_known(tmp_path, line):
    assert version(tmp_path, FLOW + line + "\n") is None
