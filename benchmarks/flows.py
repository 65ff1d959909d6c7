"""Flows that people wrote: from source distributions fetched by name, or from a folder."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

DISTRIBUTIONS = (
    "metaflow==2.19.39",
    "metaflow-durability==0.1.2",
    "metaflow-flyte==0.4.3",
    "metaflow-prefect==0.3.7",
    "metaflow-profiler==0.1.0",
)
"""Packages whose source distributions hold flows: tutorials and tests."""

_FLOW = re.compile(rb"^class\s+\w+\(.*FlowSpec", re.MULTILINE)
_METAFLOW = b"metaflow"


@dataclass(frozen=True)
class RealFlows:
    """Repositories with flows in them.

    Attributes:
        origin: where they are from, for the results.
        folders: the repositories.
        files: their Python files that say a word of Metaflow.
        flows: how many of these hold a flow.
    """

    origin: str
    folders: tuple[Path, ...]
    files: tuple[Path, ...]
    flows: int

    def __str__(self) -> str:
        many = len(self.folders)
        return (
            f"{len(self.files):,} files that speak of Metaflow, {self.flows:,} of them with flows, "
            f"in {many} {'folder' if many == 1 else 'folders'} from {self.origin}"
        )


def fetched(folder: Path) -> RealFlows:
    """The flows of `DISTRIBUTIONS`, downloaded with pip into a folder.

    Raises:
        CalledProcessError: pip could not fetch one of them.
    """
    get = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*get, "--dest", str(folder / "archives"), *DISTRIBUTIONS], check=True)
    for archive in (folder / "archives").glob("*.tar.gz"):
        with tarfile.open(archive) as file:
            file.extractall(folder / "flows", filter="data")
    names = ", ".join(name.partition("==")[0] for name in DISTRIBUTIONS)
    return found_in(folder / "flows", f"the source distributions of {names}")


def found_in(folder: Path, origin: str, enough: int = 400) -> RealFlows:
    """The flows below a folder: of as many of its subfolders, drawn by lot, as have enough."""
    candidates = sorted(entry for entry in folder.iterdir() if entry.is_dir()) or [folder]
    random.Random(0).shuffle(candidates)
    chosen: list[Path] = []
    files: list[Path] = []
    flows = 0
    for candidate in candidates:
        contents = {file: file.read_bytes() for file in candidate.rglob("*.py") if file.is_file()}
        speaking = {file: text for file, text in contents.items() if _METAFLOW in text}
        holding = sum(_FLOW.search(text) is not None for text in speaking.values())
        # A repository with hundreds of flows of one kind would speak for all.
        if 0 < holding <= max(enough // 8, 1):
            chosen.append(candidate)
            files += speaking
            flows += holding
        if flows >= enough:
            break
    return RealFlows(origin, tuple(sorted(chosen)), tuple(sorted(files)), flows)
