"""Renews what the linter knows of libraries, from an environment that has them.

python -m tools.library_facts PYTHON PACKAGE...     write what these packages say

No such environment is part of the project: make one with `python -m venv`, and install what is
named. The data was made from pandas, polars, numpy, sklearn, scipy, networkx, pyarrow, matplotlib,
plotly, gensim, dask, duckdb, sqlalchemy, statsmodels, datasets, spacy, xarray, geopandas, seaborn,
altair and lightgbm. What is known of packages that take gigabytes (torch, tensorflow) is written
by hand in `lint_rules.analysis.libraries`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from lint_rules.python.libraries import DATA

LOOK = Path(__file__).with_name("look.py")


def main() -> int:
    """Ask the environment of the command line and write what it says; return the status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.library_facts", description="Renews the facts about libraries."
    )
    parser.add_argument("python", help="an interpreter that has the packages")
    parser.add_argument("packages", nargs="+", metavar="PACKAGE", help="what to look at")
    arguments = parser.parse_args()
    command = [Path(arguments.python).absolute(), LOOK.absolute(), *arguments.packages]
    with tempfile.TemporaryDirectory() as folder:
        answer = json.loads(subprocess.check_output(command, cwd=folder))
    written = {
        "elementwise": sorted(answer["elementwise"]),
        "functions": by_type(answer["functions"]),
        "methods": {
            owner: grouped(given) for owner, given in sorted(answer["methods"].items()) if given
        },
    }
    written["elementwise"] = " ".join(
        name.removeprefix("numpy.") for name in written["elementwise"] if name.count(".") == 1
    )
    DATA.write_text(json.dumps(written, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def by_type(functions: dict[str, str]) -> dict[str, dict[str, str]]:
    """Functions by module and by what they give: `{"numpy": {"numpy.ndarray": "arange array"}}`."""
    found: dict[str, dict[str, str]] = {}
    for qualified, made in functions.items():
        module, _, name = qualified.rpartition(".")
        found.setdefault(module, {})[name] = made
    return {module: grouped(given) for module, given in found.items()}


def grouped(given: dict[str, str]) -> dict[str, str]:
    """Names by what they give, those with the same in one text."""
    found: dict[str, list[str]] = {}
    for name, made in sorted(given.items()):
        found.setdefault(made, []).append(name)
    return {made: " ".join(names) for made, names in found.items()}


if __name__ == "__main__":
    sys.exit(main())
