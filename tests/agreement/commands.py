"""Runs commands of flows with the real Metaflow, and says what they write."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

RUN = '\n\nif __name__ == "__main__":\n    {}()\n'


class Commands:
    """Runs commands of flows."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        home = {
            **{name: str(folder) for name in ("HOME", "METAFLOW_HOME", "TMPDIR")},
            "METAFLOW_USER": "somebody",
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith("METAFLOW")}
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.agreement.forked"],
            cwd=Path(__file__).parents[2],
            env=kept | home | settings,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def fails(self, code: str, *commands: str) -> str:
        """What the first of some commands that fails writes, empty if none does."""
        status, output = self.outcome(code, *commands)
        return (output or "it failed") if status else ""

    def outcome(self, code: str, *commands: str) -> tuple[int, str]:
        """The status of the first of some commands that fails, else of the last, and what it
        writes."""
        file = self._folder / "flow.py"
        name = _last_flow(code)
        file.write_text(code + (RUN.format(name) if name else ""), encoding="utf-8")
        for command in commands:
            self._process.stdin.write(json.dumps([str(file), ["--no-pylint", command]]) + "\n")
            self._process.stdin.flush()
            status, output = json.loads(self._process.stdout.readline())
            if status:
                break
        return status, output

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)


def _last_flow(code: str) -> str | None:
    """The name of the last class that derives from `FlowSpec`, be it through others."""
    flows = ["FlowSpec"]
    for name, bases in re.findall(r"^class (\w+)\(([^)]*)\)", code, re.MULTILINE):
        if not set(re.findall(r"\w+", bases)).isdisjoint(flows):
            flows.append(name)
    return flows[-1] if len(flows) > 1 else None
