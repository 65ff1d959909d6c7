"""`python -m tests.corpus.public_fixes FOLDER…`: safe fixes leave people's flows as they were.

Each FOLDER holds checkouts, one in each folder. A copy of each gets all safe fixes. Then Metaflow
loads each fixed flow file and the one before, with stand-ins for packages that are not installed:
their steps, transitions, decorators and parameters must be equal, but for what a fix adds. A file
that runs without a stand-in is run before and after: all its artifacts must be equal. This runs
people's code, so use it for repositories whose code you would run.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.agreement.loading import Loaded, load
from tests.agreement.real_flows import files
from tests.corpus.same_runs import fix

SECONDS = 90
"""How long a run may take. Others do not count."""

ADDED = frozenset({"parameter test_mode", "@project"})
"""What safe fixes add to a flow."""

Artifacts = dict[str, list[dict[str, str]]]
"""The digests of the artifacts of each step's tasks, by the step's name."""

_READ = """
import json, sys
from metaflow import Run, namespace
namespace(None)
run = Run(sys.argv[1])
def value(artifact):
    try:
        failure = getattr(artifact.data, "exception", None)
    except Exception:
        failure = None
    return str(failure) if failure else artifact.sha
print(json.dumps({
    step.id: [{a.id: value(a) for a in task} for task in step] for step in run
}))
"""
"""What `@catch` keeps of a failure names lines, which fixes move, so only its text counts."""


def artifacts(file: Path, home: Path) -> Artifacts | None:
    """What a run of a flow file leaves behind, `None` if it fails or takes too long.

    Args:
        file: the file, which holds one flow that it starts.
        home: an empty folder for what the run writes.
    """
    named = home / "run"
    words = [sys.executable, file.name, "--no-pylint", "run", "--run-id-file", str(named)]
    if _output(words, file.parent, home) is None or not named.exists():
        return None
    flows = [p.name for p in (home / "store" / ".metaflow").iterdir() if p.is_dir()]
    paths = [f"{flow}/{named.read_text()}" for flow in flows]
    made = [p for p in paths if (home / "store" / ".metaflow" / p).is_dir()]
    output = _output([sys.executable, "-c", _READ, made[0]], home, home) if made else None
    return json.loads(output) if output else None


def _output(words: list[str], folder: Path, home: Path) -> str | None:
    """What a command prints, `None` if it fails or takes too long."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "PYTHONPATH")}
    own = {name: str(home) for name in ("HOME", "METAFLOW_HOME", "TMPDIR")}
    store = {"METAFLOW_DATASTORE_SYSROOT_LOCAL": str(home / "store")}
    with subprocess.Popen(
        words,
        cwd=folder,
        env={**kept, **own, **store, "METAFLOW_USER": "somebody"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            output, _ = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            output = ""
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    return output if process.returncode == 0 else None


def differences(old: Loaded, new: Loaded) -> list[str]:
    """What Metaflow reads otherwise after the fixes, but for what they add."""
    if old.error or new.error:
        return [] if old.error else [f"it cannot be loaded any more: {new.error}"]
    found = []
    after = {verdict.name: verdict for verdict in new.verdicts}
    for verdict in old.verdicts:
        if verdict.name not in after:
            found.append(f"the flow {verdict.name} is gone")
            continue
        now = after[verdict.name]
        if now.message and not verdict.message:
            found.append(f"{verdict.name} is refused: {now.message}")
        for what in sorted({*verdict.shape, *now.shape}):
            was, becomes = (_anywhere(v.shape.get(what)) for v in (verdict, now))
            if was != becomes and not (was is None and what in ADDED):
                found.append(f"{verdict.name}, {what}: was {was}, is {becomes}")
    return found


def _anywhere(text: str | None) -> str | None:
    """A text without the folder of the copy that it names."""
    return text and re.sub(r"/[^'\"]*/(?:old|new)/", "/", text)


def changed_artifacts(old: Path, new: Path, scratch: Path) -> list[str] | None:
    """The steps whose artifacts a run leaves otherwise after the fixes; `None` if the file does not
    run. What differs between two runs of the old file does not count."""
    before = artifacts(old, _empty(scratch / "before"))
    if before is None:
        return None
    after = artifacts(new, _empty(scratch / "after"))
    if after is None:
        return ["it does not run any more"]
    if _kept(before, frozenset()) == _kept(after, frozenset()):
        return []
    again = artifacts(old, _empty(scratch / "again"))
    if again is None:
        return None
    unsteady = frozenset(_unequal(before, again))
    pairs = _kept(before, unsteady), _kept(after, unsteady)
    return [step for step in pairs[0] if pairs[0][step] != pairs[1].get(step)]


def _empty(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _unequal(one: Artifacts, other: Artifacts) -> set[tuple[str, str]]:
    """The steps and names of artifacts that two runs leave with different values."""
    return {
        (step, name)
        for step in one
        for task in (*one[step], *other.get(step, ()))
        for name in task
        if _values(one, step, name) != _values(other, step, name)
    }


def _values(run: Artifacts, step: str, name: str) -> list[str]:
    return sorted(task.get(name, "") for task in run.get(step, ()))


def _kept(run: Artifacts, unsteady: frozenset[tuple[str, str]]) -> Artifacts:
    """A run's artifacts without those that differ anyway, and without the test mode."""
    return {
        step: sorted(
            (
                {n: d for n, d in task.items() if n != "test_mode" and (step, n) not in unsteady}
                for task in tasks
            ),
            key=lambda task: json.dumps(task, sort_keys=True),
        )
        for step, tasks in run.items()
    }


def compared(root: Path, scratch: Path) -> tuple[Counter[str], list[str]]:
    """The figures and differences of a checkout.

    Args:
        root: the checkout, which stays as it is.
        scratch: an empty folder.
    """
    counts: Counter[str] = Counter()
    found: list[str] = []
    old, new = scratch / "old" / root.name, scratch / "new" / root.name
    for copy in (old, new):
        shutil.copytree(root, copy, symlinks=True)
        (copy / ".git").mkdir(exist_ok=True)
    fix(new)
    for file in files(old):
        counts["files"] += 1
        fixed = new / file.relative_to(old)
        if fixed.read_bytes() == file.read_bytes():
            continue
        counts["fixed"] += 1
        with TemporaryDirectory(dir=scratch) as name:
            home = Path(name)
            before = load(file, old, _empty(home / "old"))
            after = load(fixed, new, _empty(home / "new"))
            wrong = differences(before, after)
            steps = None if before.error else changed_artifacts(file, fixed, home)
        wrong += [f"other artifacts: {step}" for step in steps or ()]
        counts["loaded"] += not before.error
        counts["run"] += steps is not None
        counts["different"] += bool(wrong)
        found += [f"{root.name}/{file.relative_to(old)}: {line}" for line in wrong]
    return counts, found


def main(folders: list[Path]) -> int:
    """Print the differences and the figures; return 1 if there are differences."""
    counts: Counter[str] = Counter()
    roots = (root for folder in folders for root in folder.iterdir() if root.is_dir())
    for root in sorted(root.resolve() for root in roots):
        with TemporaryDirectory() as scratch:
            more, found = compared(root, Path(scratch))
        counts += more
        for line in found:
            print(line, flush=True)
    names = ("files", "fixed", "loaded", "run", "different")
    print(", ".join(f"{counts[name]} {name}" for name in names))
    return min(counts["different"], 1)


if __name__ == "__main__":
    sys.exit(main([Path(folder) for folder in sys.argv[1:]]))
