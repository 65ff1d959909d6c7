"""Python in a copy of a process does what a Python does that is started anew."""

import sys
from pathlib import Path

import pytest

from .baking import isolated_environment, run, run_python

SHOW = """
import atexit, os, sys, tempfile
atexit.register(print, "at exit")
print(__name__, sys.argv, sys.path[:3], os.getcwd(), tempfile.gettempdir(), sys.stdin.read())
print(sorted(os.environ.items()), "metaflow" in sys.modules, file=sys.stderr)
"""
ENDS = {"as it should": "", "with a status": "sys.exit(3)", "with a sentence": "sys.exit('no')"}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize(
    "how",
    [("below/shown.py",), ("-m", "below.shown"), ("-c", SHOW)],
    ids=["a file", "a module", "a text"],
)
def test_a_copy_does_what_python_does(tmp_path: Path, how: tuple[str, ...], end: str):
    module = tmp_path / "below" / "shown.py"
    module.parent.mkdir()
    module.write_text(SHOW + end)
    what = [*how[:-1], how[-1] + end] if how[0] == "-c" else [*how]
    env = isolated_environment(tmp_path / "home") | {"PYTHONPATH": f"{tmp_path}/src:{tmp_path}/x"}
    given = {"cwd": tmp_path, "env": env, "check": False}
    anew = run(sys.executable, *what, "one", "two words", **given)
    copy = run_python(*what, "one", "two words", **given)
    assert "at exit" in anew.stdout
    assert (copy.returncode, copy.stdout) == (anew.returncode, anew.stdout)
    assert copy.stderr == anew.stderr


def test_an_error_is_shown_and_ends_with_one(tmp_path: Path):
    env = isolated_environment(tmp_path / "home")
    result = run_python("-c", "raise KeyError('missing')", cwd=tmp_path, env=env, check=False)
    assert result.returncode == 1
    assert result.stderr.startswith("Traceback")
    assert result.stderr.endswith("KeyError: 'missing'\n")
