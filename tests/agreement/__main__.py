"""`python -m tests.agreement`: compares Metaflow and the linter on flows made by chance.

usage: python -m tests.agreement [--minutes M] [--flows N] [--seed S]

Runs on both cores until the time or the number of flows is reached, prints the figures, and the
smallest flow of each kind of difference. Exit status: 1 when a flow is wrongly reported, or when
less than 999 of 1,000 flows agree.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import islice

from tests.agreement.choices import Random
from tests.agreement.judges import compare
from tests.agreement.mutations import changed_flow

CHUNK = 100
"""How many flows a process compares before it reports."""

Found = tuple[Counter[str], dict[str, tuple[str, str]]]


def compared(first: int) -> Found:
    """The figures of some flows, and the smallest flow of each kind of difference."""
    counts: Counter[str] = Counter()
    examples: dict[str, tuple[str, str]] = {}
    for seed in range(first, first + CHUNK):
        text = changed_flow(Random(seed))
        verdicts = compare(text)
        counts["flows"] += 1
        counts["refused"] += verdicts.refusal is not None
        if verdicts.difference:
            counts[verdicts.difference.partition(":")[0]] += 1
            kind = re.sub(r"line \d+|[`*][^`*]*[`*]", "…", verdicts.difference)
            if kind not in examples or len(text) < len(examples[kind][1]):
                examples[kind] = (f"{verdicts.difference} (seed {seed})", text)
        elif verdicts.refusal is not None:
            counts["same step"] += verdicts.is_same_step
    return counts, examples


def firsts(seed: int, flows: int, until: float) -> Iterator[int]:
    """The seeds with which chunks begin."""
    for first in range(seed, seed + flows, CHUNK):
        if time.time() > until:
            return
        yield first


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.agreement")
    parser.add_argument("--minutes", type=float, default=5, help="for how long (default: 5)")
    parser.add_argument("--flows", type=int, default=10**9, help="how many flows at the most")
    parser.add_argument("--seed", type=int, default=0, help="where to begin (default: 0)")
    given = parser.parse_args(arguments)
    counts: Counter[str] = Counter()
    examples: dict[str, tuple[str, str]] = {}
    seeds = firsts(given.seed, given.flows, time.time() + 60 * given.minutes)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        waiting = {pool.submit(compared, first) for first in islice(seeds, 4)}
        while waiting:
            done = next(as_completed(waiting))
            waiting.remove(done)
            more, found = done.result()
            counts += more
            for kind, example in found.items():
                if kind not in examples or len(example[1]) < len(examples[kind][1]):
                    examples[kind] = example
            print(f"\r{counts['flows']} flows", end="", file=sys.stderr, flush=True)
            waiting |= {pool.submit(compared, first) for first in islice(seeds, 1)}
    print(file=sys.stderr)
    for what, text in examples.values():
        print(f"\n--- {what}\n{text}")
    differ = counts["missed"] + counts["wrong"]
    flows, refused = counts["flows"], counts["refused"]
    print(
        f"{flows} flows, of which Metaflow refuses {refused}; agreement "
        f"{1 - differ / max(flows, 1):.5f}: {counts['missed']} missed, {counts['wrong']} wrongly "
        f"reported; of the refused ones {counts['same step'] / max(refused, 1):.4f} are reported "
        "at a step of Metaflow's first complaint"
    )
    return 1 if counts["wrong"] or differ > flows / 1000 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
