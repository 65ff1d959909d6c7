"""Renews the data of `lint_rules.metaflow` from the installed Metaflow, or shows what is different.

python -m tools.metaflow_facts                 read the installed Metaflow into the data
python -m tools.metaflow_facts --check         show what would change; status 1 if anything would
python -m tools.metaflow_facts --quick         leave out what takes minutes
python -m tools.metaflow_facts --from FOLDER   read a Metaflow that `pip install --target` put there
"""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.metaflow_facts.files import data_files, with_versions
from tools.metaflow_facts.read import QUICK, SECTIONS, read_installed


def main() -> int:
    """Do what the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.metaflow_facts", description="Renews the facts about Metaflow."
    )
    parser.add_argument("--check", action="store_true", help="write nothing, show the difference")
    parser.add_argument("--quick", action="store_true", help="leave out what takes minutes")
    parser.add_argument(
        "--from", dest="folders", nargs="+", metavar="FOLDER", help="folders that hold `metaflow`"
    )
    arguments = parser.parse_args()
    sections = QUICK if arguments.quick else SECTIONS
    read = [read_installed(folder, sections) for folder in arguments.folders or [""]]
    after = with_versions({facts["version"]: facts for facts in read})
    if arguments.check:
        changes = list(_changes(after))
        print("\n".join(changes))
        return int(bool(changes))
    for path, text in after.items():
        path.write_text(text, encoding="utf-8")
    return 0


def _changes(after: Mapping[Path, str]) -> Iterator[str]:
    """Yield the difference that the facts make. That a version was read is none by itself."""
    before = data_files()
    for path, text in after.items():
        if path.name != "versions.json":
            old = before.get(path, "").splitlines()
            yield from difflib.unified_diff(
                old, text.splitlines(), f"before/{path.name}", f"after/{path.name}", lineterm=""
            )


if __name__ == "__main__":
    sys.exit(main())
