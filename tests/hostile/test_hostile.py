"""A sample of hostile repositories; `make hostile MINUTES=…` tries as many as time allows."""

import random

import pytest

from tests.hostile.__main__ import attack
from tests.hostile.ingredients import INGREDIENTS, make_repository
from tests.hostile.watch import Places, problems

SEEDS = range(42)


@pytest.mark.process
@pytest.mark.parametrize("seed", SEEDS)
def test_no_command_does_harm(seed, tmp_path):
    assert list(attack(seed, tmp_path)) == []


def test_each_ingredient_is_in_the_sample(tmp_path):
    """A sample that lacks one would show nothing of it."""
    drawn = set()
    for seed in SEEDS:
        drawn.update(make_repository(tmp_path / str(seed) / "theirs", random.Random(seed)))
    assert drawn == {ingredient.__name__ for ingredient in INGREDIENTS}


@pytest.mark.process
@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("open('../private/secret.json').read()", "touches open '../private/secret.json'"),
        ("import os; os.listdir('..')", "touches os.listdir '..'"),
        ("import os; os.remove('../private/flow.py')", "changes files outside"),
        ("import subprocess; subprocess.run(['true'])", "touches subprocess.Popen"),
        ("print(open('../private/secret.json').read())", "shows a file outside"),
        ("print('\\x1b[31m')", "writes '\\x1b' as it is to its output"),
        ("print('::stop-commands::x')", "writes a line that a runner obeys"),
        ("import time; time.sleep(60)", "takes more than 1 s"),
        ("[0] * 90_000_000", "MB"),
        ("raise ValueError('x')", "Traceback"),
        ("import sys; sys.exit(3)", "ends with status 3"),
        ("import sys; sys.exit(2)", "does not say why"),
    ],
)
def test_the_watch_sees_harm(code, problem, tmp_path, monkeypatch):
    """Each thing that no command may do is reported when one does it."""
    monkeypatch.setattr("tests.hostile.watch.SECONDS", 1)
    monkeypatch.setattr("tests.hostile.watch.LONGEST", 5)
    monkeypatch.setattr("lint_rules.cli.main", lambda _: exec(code, {}) or 0)
    places = Places(tmp_path / "theirs", tmp_path / "cache", tmp_path / "ours.toml")
    make_repository(places.root, random.Random(1))
    found = problems(["check"], places)
    assert any(problem in one for one in found), found
