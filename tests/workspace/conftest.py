"""A stranger's repository with secrets beside it, and commands run on it under watch."""

from __future__ import annotations

import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

from lint_rules.cli.app import main
from tests.folder import FLOW

SECRET = "hunter2"


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    status: int
    out: str
    err: str


class Watch:
    """Notes what this process opens and lists, for as long as it is on."""

    def __init__(self) -> None:
        self.paths: list[str] | None = None
        sys.addaudithook(self._note)  # which stays until the process ends

    def _note(self, event: str, arguments: tuple[object, ...]) -> None:
        if self.paths is not None and event in ("open", "os.listdir", "os.scandir", "os.remove"):
            path = arguments[0]
            if isinstance(path, str | bytes | os.PathLike):
                self.paths.append(str(Path.cwd() / os.fsdecode(path)))


WATCH = Watch()
INSTALLED = tuple(
    str(Path(path).resolve())
    for path in {*sysconfig.get_paths().values(), sys.prefix, sys.base_prefix, *sys.path}
    if path
)


class Repository:
    """A repository in a folder that holds what nobody may see."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.outside = folder / "outside"
        self.path = folder / "theirs"
        (self.path / ".git").mkdir(parents=True)
        self.outside.mkdir()
        self._capsys = capsys

    def write(self, name: str, text: str | bytes) -> Path:
        """A file of the repository, or beside it with `../outside/`."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    def link(self, name: str, target: str) -> None:
        """A link in the repository."""
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).symlink_to(target)

    def run(self, *words: str) -> Result:
        """A command in the repository. Whatever it opens outside fails the test."""
        self._capsys.readouterr()
        WATCH.paths = []
        try:
            status = main(words)
        finally:
            opened, WATCH.paths = WATCH.paths, None
        result = Result(status, *self._capsys.readouterr())
        allowed = (str(self.path), *INSTALLED)
        left = {path for path in opened if not f"{os.path.realpath(path)}/".startswith(allowed)}
        # What descriptors lead to is asked of the system.
        assert not {path for path in left if not path.startswith("/proc/self/fd")}
        assert SECRET not in result.out + result.err
        return result

    def check(self, *words: str) -> Result:
        """`metaflow-lint check --no-cache`."""
        return self.run("check", "--no-cache", "--output-format", "concise", *words)


@pytest.fixture
def repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Repository:
    """A repository with a flow that has nothing wrong."""
    made = Repository(tmp_path, capsys)
    made.write("flow.py", FLOW)
    monkeypatch.chdir(made.path)
    return made
