"""A project of several files that say something of each other, and runs over it."""

import os
import subprocess
import sys
import time
from pathlib import Path

from lint_rules.engine.cache.location import VARIABLE

# Says at the end whether rules looked at projects, and whether libcst was needed.
RUN = (
    "import sys; from lint_rules.cli.app import main; status = main(sys.argv[1:]);"
    "names = ('lint_rules.engine.project_index', 'libcst');"
    "print(*(name in sys.modules for name in names), file=sys.stderr);"
    "sys.exit(status)"
)

BASE = """
from metaflow import FlowSpec, Parameter, project, step

@project(name="shop")
class Base(FlowSpec):
    test_mode = Parameter("test-mode", type=bool, default=True)
"""

FLOW = """
from base import Base
from metaflow import step, trigger
from names import EVENT

@trigger(event=EVENT)
class {name}(Base):
    @step
    def start(self):
        self.rows = [1, 2]
        self.next(self.end)

    @step
    def end(self):
        print(self.rows, self.test_mode)

if __name__ == "__main__":
    {name}()
"""


class Shop:
    """A project of several files, and runs over it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.caches = folder.parent / "caches"
        (folder / ".git").mkdir(parents=True)
        self.write("pyproject.toml", "[tool.metaflow-lint]\nselect = ['ALL']\n")
        self.write("base.py", BASE)
        self.write("names.py", 'EVENT = "ordered"\n')
        self.write("orders.py", FLOW.format(name="Orders"))
        self.write("sales.py", FLOW.format(name="Sales"))
        self.write("plain.py", "print(1)\n")

    def write(self, name: str, text: str) -> None:
        (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(text, encoding="utf-8")

    def lint(self, *options: str, environment: dict[str, str] | None = None) -> tuple[str, bool]:
        """What a run says, and whether it found that in the cache."""
        said, checked, _ = self._run(*options, environment=environment)
        return said, not checked

    def read(self, *options: str, environment: dict[str, str] | None = None) -> tuple[str, bool]:
        """What a run says, and whether it parsed a file for it."""
        said, _, parsed = self._run(*options, environment=environment)
        return said, parsed

    def _run(self, *options: str, environment: dict[str, str] | None) -> tuple[str, bool, bool]:
        time.sleep(0.1)  # what has just changed is not trusted to stay
        run = subprocess.run(
            [sys.executable, "-c", RUN, "check", "--output-format=json", *options],
            cwd=self.folder,
            capture_output=True,
            text=True,
            env=self._environment | (environment or {}),
        )
        assert run.returncode in (0, 1), run.stderr
        checked, parsed = (word == "True" for word in run.stderr.splitlines()[-1].split())
        return run.stdout, checked, parsed

    @property
    def kept(self) -> list[Path]:
        return sorted(self.caches.glob("metaflow-lint/*/*.json"))

    @property
    def _environment(self) -> dict[str, str]:
        known = {name: value for name, value in os.environ.items() if name != VARIABLE}
        return known | {"XDG_CACHE_HOME": str(self.caches)}
