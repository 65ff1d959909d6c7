"""Repositories as fuzzers see them: several files in one text, on which commands are run.

A line `#=== path` begins a file. Commands run in this process, where coverage is counted; local
rules, which are code of the repository's, are never run.
"""

from __future__ import annotations

import contextlib
import functools
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

from lint_rules.cli.app import main
from lint_rules.diagrams import FORMATS as DRAWINGS
from lint_rules.diagrams.documents import BEGIN, END
from lint_rules.engine import registry
from lint_rules.reports import FOR_PEOPLE, FORMATS

MARK = b"#=== "
_FILE = re.compile(rb"^#=== ((?:[\w-][\w.-]*/){0,4}[\w.-]*\w) *\r?\n", re.MULTILINE | re.ASCII)
_RAW = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What would reach a terminal as more than text."""


def _no_code(file: Path) -> ModuleType:
    raise registry.RuleLoadError(f"{file} would be run")


registry._imported = _no_code


class Ran:
    """The output of a command, and its exit status."""

    def __init__(self, *words: str) -> None:
        self.words = " ".join(words)
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                self.status = main(words)
            except SystemExit as error:
                self.status = error.code if isinstance(error.code, int) else 2
        self.out, self.err = (_written(stream) for stream in (out, err))

    def problems(self) -> Iterator[str]:
        """What no command may do."""
        if self.status not in (0, 1, 2):
            yield f"{self.words}: ends with {self.status}"
        if self.status == 2 and not self.err.strip():
            yield f"{self.words}: does not say why it could not run"
        if "Traceback" in self.err:
            yield f"{self.words}: shows a traceback"
        for text in (self.out, self.err):
            if raw := _RAW.search(text):
                yield f"{self.words}: says {raw.group()!r} as it is"


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def lay_out(content: bytes, folder: Path) -> bool:
    """Writes the files of a text into a new folder; whether there are any."""
    pieces = _FILE.split(content)
    folder.mkdir(parents=True)
    (folder / ".git").mkdir()
    for name, text in zip(pieces[1::2], pieces[2::2], strict=True):
        file = folder / name.decode()
        # A file may stand where another has its folder.
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text)
    return len(pieces) > 1


def problems_of(content: bytes, folder: Path, choice: int) -> Iterator[str]:
    """What does not hold when commands are run on a repository.

    Args:
        content: its files.
        folder: where to put them; nothing may be there yet, and nothing is afterwards.
        choice: which of the commands to run; any number.
    """
    here = Path.cwd()
    try:
        if lay_out(content, folder):
            os.chdir(folder)
            yield from _COMMANDS[choice % len(_COMMANDS)]()
    finally:
        os.chdir(here)
        shutil.rmtree(folder, ignore_errors=True)
        _forget()


def _forget() -> None:
    """Lets the next repository be read as in a process of its own."""
    for name, module in list(sys.modules.items()):
        if name.startswith("lint_rules.") and name != registry.__name__:
            for value in list(vars(module).values()):
                if isinstance(value, type(_REMEMBERING)):
                    value.cache_clear()


_REMEMBERING = functools.cache(len)
CHECK = ("check", "--select", "ALL", "--no-cache")
_PARSERS: dict[str, Callable[[str], Any]] = {
    "json": json.loads,
    "sarif": json.loads,
    "gitlab": json.loads,
    "junit": ElementTree.fromstring,
    "svg": ElementTree.fromstring,
}


def _report(output_format: str) -> Iterator[str]:
    ran = Ran(*CHECK, "--output-format", output_format)
    if output_format in FOR_PEOPLE:
        yield from ran.problems()
    if ran.status != 2:
        _PARSERS.get(output_format, str)(ran.out)


def _drawing(output_format: str) -> Iterator[str]:
    ran = Ran("graph", "--output-format", output_format)
    yield from ran.problems()
    if ran.out:
        _PARSERS.get(output_format, str)(ran.out)


def _drawing_of_one(output_format: str) -> Iterator[str]:
    file = next(Path().rglob("flow.py"), Path())
    link = "https://github.com/org/repository/blob/main/{path}#L{row}"
    ran = Ran("graph", "--output-format", output_format, "--source-link", link, str(file))
    yield from ran.problems()
    if ran.out:
        _PARSERS.get(output_format, str)(ran.out)


def _documented() -> Iterator[str]:
    document = Path("README.md")
    if not document.exists():
        document.write_text(f"{BEGIN}\n{END}\n")
    written = Ran("graph", "--write", str(document))
    yield from written.problems()
    checked = Ran("graph", "--check", str(document))
    yield from checked.problems()
    if written.status == 0 and checked.status:
        yield f"the document is not current when it was written: {checked.out}"


def _mended(*options: str) -> Iterator[str]:
    before = _files()
    shown = Ran(*CHECK, *options, "--diff")
    yield from shown.problems()
    if _files() != before:
        yield "--diff changes files"
    ran = Ran(*CHECK, *options)
    yield from ran.problems()
    if "broken the syntax" in ran.err or "not come to an end" in ran.err:
        yield f"{ran.words}: {ran.err}"
    after = _files()
    if (shown.status == 1) != (before != after) and 2 not in (shown.status, ran.status):
        yield f"{ran.words}: makes changes that --diff does not show"
    yield from Ran(*CHECK, *options).problems()
    if _files() != after:
        yield f"{ran.words}: finds more to do the second time"


def _suppressed() -> Iterator[str]:
    yield from Ran(*CHECK, "--add-noqa=why").problems()
    left = Ran(*CHECK, "--output-format", "concise")
    for line in left.out.splitlines():
        if re.search(r":\d+:\d+: MF(?!90)", line) and ".ipynb:" not in line:
            yield f"--add-noqa leaves {line}"


def _remembered() -> Iterator[str]:
    """What the cache keeps, and what it keeps of the other files when one is changed."""
    yield from _as_fresh()
    for file in sorted(Path().rglob("*.py"))[:1]:
        lines = file.read_bytes().splitlines(keepends=True)
        file.write_bytes(b"".join([b"# new\n", *lines[: len(lines) // 2]]))
        _forget()
        yield from _as_fresh()


def _as_fresh() -> Iterator[str]:
    words = ("check", "--select", "ALL")
    first = Ran(*words)
    yield from first.problems()
    _forget()
    second = Ran(*words)
    _forget()
    fresh = Ran(*words, "--no-cache")
    if (
        not first.out == second.out == fresh.out
        or not first.status == second.status == fresh.status
    ):
        yield "a run from the cache is another one"


def _known() -> Iterator[str]:
    words = (*CHECK, "--baseline", "known.json", "--output-format", "concise")
    ran = Ran(*words, "--write-baseline")
    yield from ran.problems()
    again = Ran(*words)
    if ran.status == 0 and again.status:
        yield f"the baseline does not know: {again.out}{again.err}"


def _settled() -> Iterator[str]:
    yield from Ran("check", "--show-settings").problems()
    yield from Ran("check", "--statistics").problems()


_COMMANDS: list[Callable[[], Iterator[str]]] = [
    *(functools.partial(_report, name) for name in FORMATS),
    *(functools.partial(_drawing, name) for name in DRAWINGS),
    *(functools.partial(_drawing_of_one, name) for name in DRAWINGS),
    *(
        functools.partial(_mended, *options)
        for options in (["--fix"], ["--fix", "--unsafe-fixes"]) * 4
    ),
    *(_suppressed, _suppressed, _remembered, _known, _settled, _documented),
]


def _files() -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in Path().rglob("*") if file.is_file()}
