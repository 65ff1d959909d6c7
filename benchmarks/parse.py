"""libcst's parse of files and nothing else: `python -m benchmarks.parse LIST`."""

import sys
from pathlib import Path

import libcst as cst


def main(names: str) -> int:
    """Parses the files that a text file names, one a line; those with errors are passed over."""
    for name in Path(names).read_text(encoding="utf-8").splitlines():
        try:
            cst.parse_module(Path(name).read_bytes())
        except (cst.ParserSyntaxError, UnicodeDecodeError):
            continue
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
