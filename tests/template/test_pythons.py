"""Python in a copy of a process does what a Python does that is started anew."""

import os
import signal
import sys
import time
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


STARTS = """
import subprocess, sys
command = [sys.executable, {options} "-c", sys.argv[1], "one", "two words"]
how = dict(cwd="below", env={{"HOME": "x", {settings}}}, input="given", text=True)
result = subprocess.run(command, capture_output=True, **how)
print(result.returncode, result.stdout, result.stderr)
"""


@pytest.mark.parametrize("end", ["", "sys.exit(3)", "os.kill(os.getpid(), 15)", "1 / 0"])
def test_a_python_that_a_copy_starts_does_what_python_does(tmp_path: Path, end: str):
    tmp_path.joinpath("below").mkdir()
    env = isolated_environment(tmp_path / "home")
    starts = STARTS.format(options='"-u", "-P",', settings='"PYTHONPATH": "a:b"')
    arguments = ("-c", starts, f"{SHOW}\n{end}")
    anew = run(sys.executable, *arguments, cwd=tmp_path, env=env)
    copy = run_python(*arguments, cwd=tmp_path, env=env)
    assert "'one', 'two words'" in copy.stdout
    assert "given" in copy.stdout
    # A copy's trace begins in what runs it.
    assert copy.stdout.partition("Traceback")[0] == anew.stdout.partition("Traceback")[0]
    assert ("Traceback" in copy.stdout) == ("Traceback" in anew.stdout)


@pytest.mark.parametrize(
    ("options", "settings", "is_copy"),
    [("", "", True), ('"-I",', "", False), ("", '"PYTHONHASHSEED": "0"', False)],
)
def test_copies_start_copies_unless_python_itself_is_asked_for_more(
    tmp_path: Path, options: str, settings: str, is_copy: bool
):
    tmp_path.joinpath("below").mkdir()
    starts = STARTS.format(options=options, settings=settings)
    loaded = "import sys; print('requests' in sys.modules)"
    env = isolated_environment(tmp_path / "home")
    assert run_python("-c", starts, loaded, cwd=tmp_path, env=env).stdout == f"0 {is_copy}\n \n"


def test_a_copy_ends_if_whoever_started_it_kills_it(tmp_path: Path):
    """As Metaflow kills the other steps of a run if one fails."""
    child = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    starts = (
        "import subprocess, sys\n"
        "command = [sys.executable, '-c', sys.argv[1]]\n"
        "process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)\n"
        "print(process.stdout.readline())\n"
        "process.kill()\n"
        "print(process.wait())\n"
    )
    env = isolated_environment(tmp_path / "home")
    process, status = run_python("-c", starts, child, cwd=tmp_path, env=env).stdout.split()
    assert int(status) == -signal.SIGKILL
    for _ in range(100):
        try:
            os.kill(int(process), 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the copy still runs")


@pytest.mark.parametrize("added", [False, True])
def test_a_copy_finds_the_distributions_that_python_finds(tmp_path: Path, added: bool):
    if added:
        info = tmp_path / "src" / "birds-1.0.dist-info"
        info.mkdir(parents=True)
        info.joinpath("METADATA").write_text("Name: birds\nVersion: 1.0\n")
        info.joinpath("top_level.txt").write_text("birds_of_prey\n")
    env = isolated_environment(tmp_path / "home") | {"PYTHONPATH": "src"}
    show = (
        "import importlib.metadata, json\n"
        "print(json.dumps(importlib.metadata.packages_distributions(), sort_keys=True))"
    )
    anew = run(sys.executable, "-c", show, cwd=tmp_path, env=env).stdout
    assert run_python("-c", show, cwd=tmp_path, env=env).stdout == anew
    assert ("birds_of_prey" in anew) == added
