"""A folder to lint in, with the command in this process or in one of its own."""

import re
import subprocess
import sys
from pathlib import Path

from tests.in_process import Result, run, variables

FLOW = '''\
from metaflow import FlowSpec, Parameter, current, project, step


@project(name="arxiv_topics")
class ArxivTopics(FlowSpec):
    papers: list[str]

    test_mode = Parameter("test-mode", type=bool, default=lambda _: not current.is_production)

    @step
    def start(self):
        """Fetch the papers."""
        from arxiv_topics.papers import fetch

        self.papers = fetch(limit=10 if self.test_mode else None)
        self.next(self.end)

    @step
    def end(self):
        """Show how many there are."""
        print(len(self.papers))


if __name__ == "__main__":
    ArxivTopics()
'''
"""A flow that keeps all rules."""


class Folder:
    """A folder with files, in which `metaflow-lint` is called."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, text: str | bytes) -> Path:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    def lint(self, *words: str, stdin: str | bytes = b"", **environment: str) -> Result:
        """`metaflow-lint` in this process, without a cache."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        more = ("--no-cache",) if {"check", "report"}.intersection(words[:1]) else ()
        return run(self.path, *words, *more, stdin=given, **environment)

    def codes(self, *words: str) -> list[str]:
        """`file:row CODE` of each finding of `metaflow-lint check`."""
        result = self.lint("check", "--output-format", "concise", *words)
        assert result.status in (0, 1), result.err
        lines = [line for line in result.out.splitlines() if re.search(r":\d+: [A-Z]+\d", line)]
        return [
            f"{line.split(':')[0]}:{line.split(':')[1]} {line.split(': ')[1].split()[0]}"
            for line in lines
        ]


class ProcessFolder(Folder):
    """A folder in which `metaflow-lint` is a process of its own, as a user calls it."""

    def lint(self, *words: str, stdin: str | bytes = b"", **environment: str) -> Result:
        """`metaflow-lint`, started and waited for."""
        done = subprocess.run(
            [sys.executable, "-m", "lint_rules", *words],
            cwd=self.path,
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            env=variables(self.path, environment),
            timeout=60,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())
