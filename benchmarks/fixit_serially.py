"""Fixit in one process, which its command line does not offer:
`python -m benchmarks.fixit_serially LIST RULES…`."""

import sys
from pathlib import Path

from fixit.api import fixit_paths
from fixit.config import parse_rule
from fixit.ftypes import Options, Tags


def main(names: str, *rules: str) -> int:
    """Lints the files that a text file names, one a line; 1 if anything was found."""
    paths = [Path(name) for name in Path(names).read_text(encoding="utf-8").splitlines()]
    here = Path.cwd()
    options = Options(tags=Tags(), rules=[parse_rule(rule, here) for rule in rules])
    found = sum(
        result.violation is not None
        for result in fixit_paths(paths, options=options, parallel=False)
    )
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
