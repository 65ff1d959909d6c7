"""Reads the labels."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True, order=True)
class LabelledFile:
    """A file whose every line is labelled.

    Attributes:
        set: `first` or `second`: see docs/accuracy.md.
        repository: `OWNER/NAME` on GitHub.
        commit: the commit that the labels are about.
        path: the file's path in the repository.
    """

    set: str
    repository: str
    commit: str
    path: str

    @property
    def folder(self) -> str:
        """The name of the repository's folder among the checkouts."""
        return self.repository.replace("/", "__", 1)

    def below(self, checkouts: Path) -> Path:
        """The file among checkouts."""
        return checkouts / self.folder / self.path


@dataclass
class Labels:
    """The labelled lines of one rule in one file."""

    wrong: set[int] = field(default_factory=set)
    ambiguous: set[int] = field(default_factory=set)


Expected = dict[tuple[str, str, str], Labels]
"""The labels by repository, path and rule."""


def files(folder: Path = HERE) -> list[LabelledFile]:
    """The labelled files."""
    with (folder / "files.tsv").open(newline="", encoding="utf-8") as lines:
        return [LabelledFile(**row) for row in csv.DictReader(lines, delimiter="\t")]


def labels(folder: Path = HERE) -> Expected:
    """The labels.

    Raises:
        ValueError: a verdict is neither `wrong` nor `ambiguous`.
    """
    expected: Expected = defaultdict(Labels)
    with (folder / "labels.tsv").open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            place = expected[row["repository"], row["path"], row["rule"]]
            match row["verdict"]:
                case "wrong":
                    place.wrong.add(int(row["line"]))
                case "ambiguous":
                    place.ambiguous.add(int(row["line"]))
                case verdict:
                    raise ValueError(f"labels.tsv: {row}: unknown verdict {verdict!r}")
    return expected
