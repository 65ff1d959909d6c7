"""Reads releases of Metaflow between two that differ, until it is known which release changed what.

python -m tools.metaflow_facts.walk [RELEASES]     read this many at most, 20 by default
"""

from __future__ import annotations

import json
import re
import subprocess
import sys

from lint_rules.metaflow.reader import DATA
from lint_rules.metaflow.versions import parsed
from tools.metaflow_facts.files import with_versions
from tools.metaflow_facts.read import QUICK, ROOT, read_installed

_PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]


def main(most: int) -> int:
    """Read releases and put them into the data; return the exit status."""
    releases = _releases()
    for _ in range(most):
        release = _next(releases)
        if release is None:
            print("It is known of each change which release made it.")
            return 0
        folder = ROOT / "build" / "releases" / release
        subprocess.run(
            [
                *_PIP,
                "install",
                "--quiet",
                "--no-deps",
                "--upgrade",
                f"--target={folder}",
                f"metaflow=={release}",
            ],
            check=True,
        )
        for path, text in with_versions({release: read_installed(str(folder), QUICK)}).items():
            path.write_text(text, encoding="utf-8")
        print(f"read {release}", flush=True)
    return 0


def _releases() -> list[str]:
    """Return the releases that the package index has, from the oldest on."""
    output = subprocess.run(
        [*_PIP, "index", "versions", "metaflow"], check=True, capture_output=True, text=True
    ).stdout
    releases = re.findall(r"\b\d+\.\d+\.\d+\b(?!\.)", output)
    if not releases:
        sys.exit(
            "The package index names no release of Metaflow: see `pip index versions metaflow`."
        )
    return sorted(set(releases), key=parsed)


def _next(releases: list[str]) -> str | None:
    """Return the release in the middle of the widest gap, or `None` if no gap has one."""
    gaps = json.loads((DATA / "versions.json").read_text(encoding="utf-8"))["gaps"]
    within = [
        [release for release in releases if parsed(one) < parsed(release) < parsed(other)]
        for one, other in gaps
    ]
    widest = max(within, key=len, default=[])
    return widest[len(widest) // 2] if widest else None


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
