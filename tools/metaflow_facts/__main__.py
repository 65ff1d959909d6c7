"""Renews the data of `lint_rules.metaflow` from the installed Metaflow, or shows what is different.

python -m tools.metaflow_facts                 read the installed Metaflow into the data
python -m tools.metaflow_facts --check         show what would change; status 1 if anything would
python -m tools.metaflow_facts --from FOLDER … read copies of Metaflow that stand in folders
"""

from __future__ import annotations

import argparse
import difflib
import sys

from tools.metaflow_facts.files import data_files, with_versions
from tools.metaflow_facts.read import read_installed


def main() -> int:
    """Do what the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.metaflow_facts", description="Renews the facts about Metaflow."
    )
    parser.add_argument("--check", action="store_true", help="write nothing, show the difference")
    parser.add_argument(
        "--from", dest="folders", nargs="+", metavar="FOLDER", help="folders that hold `metaflow`"
    )
    arguments = parser.parse_args()
    read = [read_installed(path=folder) for folder in arguments.folders or [""]]
    before, after = data_files(), with_versions({facts["version"]: facts for facts in read})
    changes = [
        line
        for path in after
        for line in difflib.unified_diff(
            before.get(path, "").splitlines(),
            after[path].splitlines(),
            f"before/{path.name}",
            f"after/{path.name}",
            lineterm="",
        )
    ]
    if arguments.check:
        print("\n".join(changes))
        return int(bool(changes))
    for path, text in after.items():
        path.write_text(text, encoding="utf-8")
    print(f"{len(changes)} lines of difference." if changes else "Nothing is different.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
