"""The command line, called in this process: starting one is most of what a test costs."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from lint_rules.cli import main
from tests.folder import Folder, Result


def run(
    folder: Path, *words: str, stdin: bytes = b"", encoding: str = "utf-8", **environment: str
) -> Result:
    """What `metaflow-lint` with some words leaves behind, called in a folder.

    Args:
        folder: the folder that the command is called in.
        words: its arguments.
        stdin: what it finds on standard input.
        encoding: the encoding of the streams.
        environment: variables to set besides those that there are; `""` unsets one.
    """
    out, err = io.BytesIO(), io.BytesIO()
    streams = {
        "stdin": io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"),
        "stdout": io.TextIOWrapper(out, encoding=encoding, newline="\n"),
        "stderr": io.TextIOWrapper(err, encoding=encoding, newline="\n"),
    }
    with _in_folder(folder), mock.patch.multiple(sys, **streams), mock.patch.dict(os.environ):
        for name, value in {"GITHUB_ACTIONS": "", **environment}.items():
            if value:
                os.environ[name] = value
            else:
                os.environ.pop(name, None)
        try:
            status = main(words)
        except SystemExit as end:
            status = int(end.code or 0)
        for stream in ("stdout", "stderr"):
            streams[stream].flush()
    texts = [stream.getvalue().decode(encoding) for stream in (out, err)]
    assert "Traceback" not in texts[1], texts[1][-2000:]
    assert "This is a bug" not in texts[1], texts[1][-2000:]
    return Result(status, *texts)


@contextmanager
def _in_folder(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


class InProcess(Folder):
    """A folder in which `metaflow-lint` is called in this process, without a cache."""

    def lint(self, *words: str, stdin: str | bytes = b"", **environment: str) -> Result:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        more = ("--no-cache",) if "check" in words[:1] else ()
        return run(self.path, *words, *more, stdin=given, **environment)
