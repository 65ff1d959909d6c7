"""Finds the modules that break a flow if a file beside it has their name."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FLOW = """
from metaflow import FlowSpec, step

class Tried(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass

if __name__ == "__main__":
    Tried()
"""

_SEEN = """
import json, runpy, sys
try:
    runpy.run_path("flow.py", run_name="__main__")
except SystemExit:
    pass
finally:
    print("\\n" + json.dumps(sorted(sys.modules)))
"""


def read_modules() -> dict[str, list[str]]:
    """Return the names of standard modules, and `metaflow`, that break the check of a flow when an
    empty file beside it has one of them."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "flow.py").write_text(FLOW, encoding="utf-8")
        done = _run(["-c", _SEEN, "--no-pylint", "check"], folder)
        seen = set(json.loads(done.stdout.splitlines()[-1]))
    names = sorted({"metaflow"} | (seen & sys.stdlib_module_names) - set(sys.builtin_module_names))
    with ThreadPoolExecutor() as pool:
        broken = pool.map(_breaks, names)
        return {"shadowing": [n for n, is_broken in zip(names, broken, strict=True) if is_broken]}


def _breaks(name: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "flow.py").write_text(FLOW, encoding="utf-8")
        Path(folder, f"{name}.py").touch()
        return _run(["flow.py", "--no-pylint", "check"], folder).returncode != 0


def _run(words: list[str], folder: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": folder, "METAFLOW_USER": "tried"},
        capture_output=True,
        text=True,
        check=False,
    )
