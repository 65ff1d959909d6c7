"""A project of several files that depend on each other, and runs over it in this process."""

import os
import shutil
from pathlib import Path
from typing import NamedTuple

from lint_rules.cli.app import main
from lint_rules.engine.linter import Linter

PACKAGE_FLOW = """
from metaflow import step, trigger, Config, config_expr
from {base} import {name_of_base}
from shop.names import EVENT
import shop.helpers

@trigger(event=EVENT)
class {name}({name_of_base}):
    limits = Config("limits", default="limits.json")

    @step
    def start(self):
        self.rows = shop.helpers.load(self.test_mode)
        self.next(self.end)

    @step
    def end(self):
        print({read})

if __name__ == "__main__":
    {name}()
"""

BASE = """
from metaflow import FlowSpec, Parameter, project, step

@project(name="{project}")
class {name}(FlowSpec):
    test_mode = Parameter("test-mode", type=bool, default=True)
"""

RULE = """
from lint_rules.api import Flow, Rule

class {name}(Rule):
    code, name = "{code}", "{name}"
    def check(self, flow: Flow):
        yield self.finding(flow, "{message}", "no")
"""


class Output(NamedTuple):
    """What a run leaves."""

    status: int
    report: str
    out: str
    err: str


class Project:
    """The project, in the current folder."""

    def __init__(self, folder: Path, capsys, monkeypatch) -> None:
        self.folder = folder
        self._capsys = capsys
        self.checked: list[str] = []
        monkeypatch.chdir(folder)
        alone = Linter._check_alone

        def noted(linter, source, settings):
            self.checked.append(source.path.as_posix())
            return alone(linter, source, settings)

        monkeypatch.setattr(Linter, "_check_alone", noted)
        (folder / ".git").mkdir()
        self.write("pyproject.toml", "[tool.metaflow-lint]\nselect = ['ALL']\n")
        self.write("shop/__init__.py", "")
        self.write("shop/names.py", 'EVENT = "ordered"\n')
        self.write("shop/helpers.py", "def load(test):\n    return [1, 2]\n")
        self.write("shop/base.py", BASE.format(project="shop", name="Base"))
        self.write("limits.json", "{}")
        self.flow("flows/orders.py", "Orders")
        self.flow("flows/sales.py", "Sales")
        self.write("flows/alone.py", BASE.format(project="shop", name="Alone"))
        self.write("plain.py", "print(1)\n")
        self.write("README.md", "# Shop\n")

    def flow(self, path, name, base="shop.base", name_of_base="Base", read="self.rows"):
        text = PACKAGE_FLOW.format(base=base, name_of_base=name_of_base, name=name, read=read)
        self.write(path, text)

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        if file.is_symlink() or file.is_dir():
            self.remove(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def append(self, path: str, text: str) -> None:
        file = self.folder / path
        self.write(path, (file.read_text() if file.is_file() else "") + text)

    def remove(self, path: str) -> None:
        file = self.folder / path
        if file.is_dir() and not file.is_symlink():
            shutil.rmtree(file)
        else:
            file.unlink(missing_ok=True)

    def link(self, path: str, target: str) -> None:
        self.remove(path)
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).symlink_to(target)

    def settle(self) -> None:
        """Lets all files be old, as far as one can: their inodes changed just now."""
        for file in self.folder.rglob("*"):
            if not file.is_symlink():
                os.utime(file, (1, 1))

    def run(self, *options: str) -> Output:
        """A run, with what it says in all ways."""
        self.checked.clear()
        report = self.folder.parent / "report"
        report.unlink(missing_ok=True)
        words = ["check", "--output-format=json", f"--output-file={report}", *options]
        status = main(words)
        captured = self._capsys.readouterr()
        output = report.read_text() if report.exists() else ""
        return Output(status, output, captured.out, captured.err)

    def warm(self, *options: str) -> Output:
        return self.run(f"--cache-dir={self.folder.parent / 'cache'}", *options)

    def cold(self, *options: str) -> Output:
        return self.run("--no-cache", *options)
