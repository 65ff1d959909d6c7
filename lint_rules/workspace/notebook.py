"""Jupyter notebooks: their code cells as one text, and the way back to cell and line."""

from __future__ import annotations

import ast
import json
import warnings
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lint_rules.workspace.cell_code import python_of
from lint_rules.workspace.source import CannotDecode, Source, lines_of, unicode_encoding

SUFFIX = ".ipynb"


@dataclass(frozen=True)
class Notebook(Source):
    """A notebook's Python: the code cells one below the other.

    Attributes:
        starts: the row of `text` at which each code cell starts.
        numbers: the number of each of them among all cells, from 1.
    """

    starts: list[int] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    @classmethod
    def decode(cls, path: Path, content: bytes) -> Notebook:
        """The code of a notebook's file.

        Cells in another language (`%%bash`) and those that do not parse are left blank; lines for
        the shell or IPython do nothing.

        Raises:
            CannotDecode: the file is no notebook.
        """
        try:
            cells = json.loads(content.decode("utf-8"))["cells"]
            sources = [(n, _code(cell)) for n, cell in enumerate(cells, 1)]
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            encoding = unicode_encoding(content)
            where = f"; it is in {encoding}, save it in UTF-8" if encoding else ""
            raise CannotDecode(f"this is no notebook in Jupyter's format 4{where}") from error
        lines: list[str] = []
        starts: list[int] = []
        numbers: list[int] = []
        for number, code in sources:
            if code is not None:
                starts.append(len(lines) + 1)
                numbers.append(number)
                lines += code
        return cls(path, "\n".join(lines) + "\n" if lines else "", starts=starts, numbers=numbers)

    def in_cell(self, row: int) -> tuple[int, int]:
        """The number of the cell that a row of the text is in, and the rows before that cell."""
        index = bisect_right(self.starts, row) - 1
        return self.numbers[index], self.starts[index] - 1

    def where(self, row: int) -> str:
        """Path, cell and row in it, for messages."""
        index = bisect_right(self.starts, row) - 1
        return f"{self.path}:cell {self.numbers[index]}:{row - self.starts[index] + 1}"

    def cell(self, number: int) -> Source:
        """The source of one cell."""
        index = self.numbers.index(number)
        rows = lines_of(self.text)
        end = self.starts[index + 1] - 1 if index + 1 < len(self.starts) else len(rows)
        return Source(self.path, "\n".join(rows[self.starts[index] - 1 : end]) + "\n")


def _code(cell: dict[str, Any]) -> list[str] | None:
    """The lines of a code cell, `None` for any other."""
    if cell["cell_type"] != "code":
        return None
    source = cell["source"]
    lines = lines_of("".join(source) if isinstance(source, list) else source)
    kept = python_of(lines)
    return kept if _parses(kept) else [""] * len(kept)


def _parses(lines: list[str]) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            compile("\n".join(lines), "cell", "exec", flags)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
