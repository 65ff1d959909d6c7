"""Renews the data of `lint_rules.python` from some Pythons: what they all agree on.

python -m tools.python_facts PYTHON...      write what these interpreters say
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from lint_rules.python import DATA

LOOK = Path(__file__).with_name("look.py")


def main() -> int:
    """Ask each interpreter of the command line and write what is the same; return the status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.python_facts", description="Renews the facts about Python."
    )
    parser.add_argument("pythons", nargs="+", metavar="PYTHON", help="interpreters to ask")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        answers = [
            json.loads(subprocess.check_output([Path(one).absolute(), LOOK], cwd=folder))
            for one in arguments.pythons
        ]
    agreed = {
        section: by_module(set.intersection(*(set(answer[section]) for answer in answers)))
        for section in answers[0]
    }
    DATA.write_text(json.dumps(agreed, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def by_module(names: Iterable[str]) -> dict[str, str]:
    """Dotted names, with those of a module in one text: `{"datetime": "date datetime"}`."""
    found: dict[str, list[str]] = {}
    for name in sorted(names):
        module, _, last = name.rpartition(".")
        found.setdefault(module, []).append(last)
    return {module: " ".join(lasts) for module, lasts in found.items()}


if __name__ == "__main__":
    sys.exit(main())
