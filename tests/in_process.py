"""The command line, called in this process: starting one is most of what a test costs."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from lint_rules.cli import main


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    status: int
    out: str
    err: str


def run(
    folder: Path,
    *words: str,
    stdin: bytes = b"",
    encoding: str = "utf-8",
    read_as: str = "",
    **environment: str,
) -> Result:
    """What `metaflow-lint` with some words leaves behind, called in a folder.

    Args:
        folder: the folder that the command is called in.
        words: its arguments.
        stdin: what it finds on standard input.
        encoding: the encoding of the streams.
        read_as: the encoding of what the command writes, if it is another one.
        environment: all variables that it sees, besides those for everybody.
    """
    assert not any(name.startswith("PYTHON") for name in environment), "Python runs already"
    out, err = io.BytesIO(), io.BytesIO()
    streams = {
        "stdin": io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"),
        "stdout": io.TextIOWrapper(out, encoding=encoding, newline="\n"),
        "stderr": io.TextIOWrapper(err, encoding=encoding, newline="\n"),
    }
    with (
        _in_folder(folder),
        mock.patch.multiple(sys, **streams),
        mock.patch.dict(os.environ, variables(folder, environment), clear=True),
    ):
        try:
            status = main(words)
        except SystemExit as end:
            status = int(end.code or 0)
        for stream in ("stdout", "stderr"):
            streams[stream].flush()
    texts = [stream.getvalue().decode(read_as or encoding) for stream in (out, err)]
    assert "Traceback" not in texts[1], texts[1][-2000:]
    assert "This is a bug" not in texts[1], texts[1][-2000:]
    return Result(status, *texts)


def variables(folder: Path, more: dict[str, str]) -> dict[str, str]:
    """The variables of the environment that a command sees, whoever runs the tests."""
    temporary = tempfile.gettempdir()
    caches = folder.with_name(f"{folder.name}-caches")
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "TMPDIR": temporary,
        "XDG_CACHE_HOME": str(caches),
        **more,
    }


@contextmanager
def _in_folder(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
