"""`python -m tests.hostile [--minutes N] [--seed N]`: hostile repositories, until time is up.

Each is named by its seed: `--seed N --minutes 0` makes that one again and leaves it in a folder.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from tests.hostile.commands import command
from tests.hostile.ingredients import make_repository
from tests.hostile.watch import Places, problems

COMMANDS = 4
"""How many are run on one repository."""


def attack(seed: int, folder: Path) -> Iterator[str]:
    """Makes the repository of a seed in a folder, runs commands on it, and yields problems."""
    draw = random.Random(seed)
    places = Places(folder / "theirs", folder / "cache", folder / "ours" / "lint.toml")
    places.given.parent.mkdir(parents=True)
    places.given.write_text('select = ["MF1", "MF4"]\n')
    ingredients = make_repository(places.root, draw)
    for _ in range(COMMANDS):
        words = command(draw, places.given)
        for problem in problems(words, places):
            yield f"seed {seed} ({', '.join(ingredients)}): {' '.join(words)}: {problem}"


def main() -> int:
    """Attacks for the time given; returns 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int)
    arguments = parser.parse_args()
    if arguments.seed is not None and not arguments.minutes:
        folder = Path(mkdtemp())
        found = list(attack(arguments.seed, folder))
        print(*found, f"{folder}", sep="\n")
        return bool(found)
    end = time.monotonic() + 60 * arguments.minutes
    seed = first = arguments.seed or random.SystemRandom().randrange(10**9)
    count = 0
    while time.monotonic() < end:
        with TemporaryDirectory() as folder:
            for problem in attack(seed, Path(folder)):
                print(problem, flush=True)
                count += 1
            shutil.rmtree(folder, ignore_errors=True)
        seed += 1
    print(f"{seed - first} repositories from seed {first}: {count} problems")
    return bool(count)


if __name__ == "__main__":
    sys.exit(main())
