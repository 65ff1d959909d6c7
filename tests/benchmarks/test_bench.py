"""That everything is measured, at its smallest size; no figure is checked here."""

import re
import shlex
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.synthetic import Size, write_flow, write_repository
from benchmarks.timing import Run, Spread, ratios
from lint_rules.cli.parser import parser_for

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.process
def test_it_measures_and_writes_its_results(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # Cookiecutter leaves the scripts of its hooks
    repository = tmp_path / "repositories" / "demo"
    repository.mkdir(parents=True)
    shutil.copy2(ROOT / "demo" / "taxi_fare_flow.py", repository)
    results = tmp_path / "RESULTS.md"
    given = [str(repository.parent), "--effort=small", "--without-slow-peers"]
    assert main([*given, f"--output={results}"]) == 0
    text = results.read_text(encoding="utf-8")
    assert "1 files that speak of Metaflow, 1 of them with flows" in text
    for work in ("cold, one process", "ten files", "one flow of 200", "baked without questions"):
        assert re.search(rf"^\| [^|]*{work}[^|]* \| `.+` \| .* \| (yes|\*\*no\*\*) \|$", text, re.M)
    for chapter in ("What cannot be less", "One rule more", "Scale", "The commands"):
        assert f"## {chapter}\n" in text


def test_the_same_seed_gives_the_same_repository(tmp_path):
    one, other = (write_repository(tmp_path / name, Size(5, 2)) for name in "ab")
    files = sorted(file.relative_to(one) for file in one.rglob("*.py"))
    assert len([file for file in files if file.name == "flow.py"]) == 2
    assert all((one / file).read_bytes() == (other / file).read_bytes() for file in files)


def test_a_flow_has_about_as_many_lines_as_asked(tmp_path):
    lines = write_flow(tmp_path / "flow.py", 200).read_text(encoding="utf-8").splitlines()
    assert 180 <= len(lines) <= 220


def test_ratios_are_of_the_same_round():
    ours, theirs = ([Run(cpu, 2 * cpu, 0) for cpu in given] for given in ((1, 2, 9), (1, 1, 3)))
    assert ratios(ours, theirs) == Spread(1, 2, 3)


def test_the_commands_of_the_results_exist():
    text = (ROOT / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    listed = text.partition("## The commands")[2].partition("```sh\n")[2].partition("```")[0]
    commands = [shlex.split(line) for line in listed.splitlines()]
    assert commands
    for name, *words in commands:
        if name == "metaflow-lint":
            parser_for(words).parse_args(words)
        elif words[:1] == ["-m"]:
            assert find_spec(words[1])
        else:
            assert name in ("cookiecutter", "fixit", "flake8", "pylint", "python", "ruff")
    assert "\nbench:" in (ROOT / "Makefile").read_text(encoding="utf-8")
