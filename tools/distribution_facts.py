"""Adds what distributions require today to the data of `lint_rules.python.distributions`.

python -m tools.distribution_facts      ask pip, and write what is new

It resolves the distributions that code imports, and installs nothing.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from lint_rules.python.distributions import DATA, normalized

PIP = (
    *(sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"),
    *("--only-binary", ":all:", "--report"),
)


def main() -> None:
    """Write the data again, with what is new."""
    known: dict[str, dict[str, str]] = json.loads(DATA.read_text(encoding="utf-8"))
    wanted = [name for name, of in known.items() if of["imports"]]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        subprocess.run([*PIP, file, *wanted], check=True)
        report = json.loads(file.read_text(encoding="utf-8"))
    for installed in report["install"]:
        name, required = requirements(installed["metadata"])
        of = known.setdefault(name, {"imports": "", "requires": ""})
        of["requires"] = " ".join(sorted({*of["requires"].split(), *required}))
    lines = [f" {json.dumps(name)}: {json.dumps(known[name])}" for name in sorted(known)]
    DATA.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def requirements(metadata: dict[str, Any]) -> tuple[str, set[str]]:
    """The name of a distribution, and those that it always requires on some machine."""
    stated = [text for text in metadata.get("requires_dist", ()) if "extra ==" not in text]
    names = {match.group() for text in stated if (match := re.match(r"[\w.-]+", text))}
    return normalized(metadata["name"]), {normalized(name) for name in names}


if __name__ == "__main__":
    main()
