"""What docs/many-repositories.md says, done as it says it."""

import re
import sys
from pathlib import Path

import pytest

from tests.folder import FLOW, Folder

PAGE = (Path(__file__).parents[2] / "docs" / "many-repositories.md").read_text(encoding="utf-8")
LEGACY = FLOW.replace("ArxivTopics", "ArxivFlow").replace("    papers: list[str]\n\n", "")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def lint(repository: Folder, command: str):
    name, *words = command.split()
    assert name == "metaflow-lint"
    return repository.lint(*words)


@pytest.fixture
def package(tmp_path_factory, monkeypatch):
    """The company's package, where Python finds it."""
    place = tmp_path_factory.mktemp("site")
    folder = place / "acme_lint"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise SystemExit('the package was run')\n")
    (folder / "strict.toml").write_text(blocks("toml")[0])
    monkeypatch.syspath_prepend(place)
    return folder


@pytest.fixture
def repository(folder, package):
    """A repository that extends the company's settings."""
    found = type(folder)(folder.path / "taxi")
    found.write(".git/HEAD", "")
    found.write("pyproject.toml", blocks("toml")[1])
    found.write("flows/papers.py", LEGACY)
    found.write("generated/flow.py", LEGACY)
    found.write("experiments/flow.py", LEGACY)
    return found


def test_a_repository_extends_the_companys_package(repository):
    assert repository.lint("check", "--write-baseline").status == 0
    assert repository.lint("check").out == "All checks passed!\n"
    assert repository.lint("check", "--show-files").out == "flows/papers.py\n"
    shown = repository.lint("check", "--show-settings").out
    rules = shown.partition("# Rules: ")[2]
    assert "MF301" in rules
    assert "MF303" in rules
    assert "severity = {'MF3': 'info', 'MF1': 'error', 'MF302': 'warning'}" in shown
    assert "own-packages = ('acme_data',)" in shown
    assert "acme_lint" not in sys.modules


def test_a_process_finds_the_package(process_folder, package):
    process_folder.write("pyproject.toml", blocks("toml")[1])
    words = ("check", "--show-settings", "--no-cache")
    shown = process_folder.lint(*words, PYTHONPATH=str(package.parent))
    assert (shown.status, shown.err) == (0, "")
    assert "own-packages = ('acme_data',)" in shown.out
    assert "which is not installed" in process_folder.lint(*words).err


def test_a_job_brings_its_own_configuration(folder, repository):
    folder.write("acme.toml", blocks("toml")[2])
    repository.write("metaflow-lint.toml", 'project = "taxi"\nlocal-rules = ["rules"]\n')
    (command,) = blocks("sh")[0].splitlines()
    result = lint(repository, command)
    assert result.status == 1
    assert "local-rules" not in result.err
    assert "taxi" in lint(repository, f"{command} --show-settings").out


def test_a_new_version_is_taken_over_once(repository):
    repository.lint("check", "--select", "MF0", "--write-baseline")
    statistics, write = blocks("sh")[1].splitlines()
    told = lint(repository, statistics)
    assert told.status == 0
    assert "1  MF401" in told.out
    assert "2 new (MF102: 1, MF401: 1), 0 gone" in lint(repository, write).out
    assert lint(repository, write).out.endswith("0 new, 0 gone.\n")


def test_the_page_is_linked():
    for name in ("README.md", "docs/adopting.md"):
        assert "many-repositories.md" in (Path(__file__).parents[2] / name).read_text()
