"""`python -m tests.corpus.labels [--set SET] FOLDER`: how often the linter agrees with labels.

FOLDER contains the checkouts, named OWNER__NAME, that `python -m tests.corpus.labels.checkout`
makes. Prints each difference, and for each set of labels a table by rule.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.corpus.labels.data import Expected, LabelledFile, Labels, files, labels
from tests.corpus.labels.score import Score, compare, table
from tests.in_process import run

Found = dict[tuple[str, str], list[int]]
"""The lines of findings by the path of their file, as a text, and their rule."""


def main(words: Sequence[str] | None = None) -> int:
    """Prints the scores. Returns 2 if no labelled file is in the folder, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.labels")
    parser.add_argument("--set", choices=sorted({file.set for file in files()}))
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    arguments = parser.parse_args(words)
    wanted = [file for file in files() if arguments.set in (None, file.set)]
    there = [file for file in wanted if file.below(arguments.folder).is_file()]
    if not there:
        parser.error(
            f"{arguments.folder} has no checkouts of labelled repositories. "
            f"Make them with: python -m tests.corpus.labels.checkout {arguments.folder}"
        )
    found, expected = findings(there, arguments.folder), labels()
    for name in sorted({file.set for file in there}):
        chosen = [file for file in there if file.set == name]
        print(f"\n{name} set: {len(chosen)} of {sum(f.set == name for f in wanted)} files\n")
        print("\n".join(table(scores(chosen, arguments.folder, found, expected))))
    return 0


def findings(chosen: Sequence[LabelledFile], checkouts: Path) -> Found:
    """What the linter reports in files, with every rule on.

    Raises:
        RuntimeError: it could not check all of them.
    """
    paths = [str(file.below(Path())) for file in chosen]
    options = ("--isolated", "--no-cache", "--select", "ALL", "--exit-zero")
    result = run(checkouts, "check", *options, "--output-format", "json", *paths)
    if result.status:
        raise RuntimeError(result.err)
    found: Found = defaultdict(list)
    for each in json.loads(result.out):
        file = Path(each["filename"])
        path = file if file.is_absolute() else checkouts / file
        found[str(path.resolve()), each["code"]].append(each["location"]["row"])
    return found


def scores(
    chosen: Sequence[LabelledFile], checkouts: Path, found: Found, expected: Expected
) -> dict[str, Score]:
    """The score of each labelled rule. Prints what differs."""
    judged = sorted({rule for _, _, rule in expected})
    by_rule: dict[str, Score] = defaultdict(Score)
    for file in chosen:
        for rule in judged:
            place = expected.get((file.repository, file.path, rule), Labels())
            path = file.below(checkouts)
            compared = compare(found.get((str(path.resolve()), rule), ()), place)
            by_rule[rule] += compared.score
            for kind, lines in (("missed", compared.missed), ("false", compared.false)):
                for line in sorted(lines):
                    print(f"{rule} {kind}: {path}:{line}")
    return by_rule


if __name__ == "__main__":
    sys.exit(main())
