"""`python -m tests.agreement.real_flows FOLDER…`: compares Metaflow and the linter on real flows.

Each FOLDER holds checkouts, one in each folder. Each of their flow files is imported in a process
of its own, with stand-ins for packages that are not installed; then Metaflow's `check` and the
linter's rules on what it refuses look at each flow. Prints each difference, and the figures.
Exit status: 1 when a flow is wrongly reported.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.engine.sources import load
from lint_rules.settings.options import Settings
from tests.agreement import loading
from tests.agreement.judges import ON_THE_GRAPH
from tests.agreement.loading import Verdict, called

UNSEEN = (
    *("MF801", "MF803", "MF809", "MF818", "MF820", "MF821", "MF822", "MF823", "MF824", "MF825"),
    "MF826",
)
"""Rules that also report what `check` does not see: a run fails, or a step or value is lost."""


@dataclass(frozen=True)
class Difference:
    """Where the two disagree.

    Attributes:
        kind: `missed`, `wrong`, or `unseen` where only a run can tell.
        where: the file and flow.
        what: what the one says.
    """

    kind: str
    where: str
    what: str


def compared(file: Path, root: Path, folder: Path) -> tuple[Counter[str], list[Difference]]:
    """The figures and differences of a file.

    Args:
        file: the file.
        root: the checkout that it is in.
        folder: a temporary folder for what it writes.
    """
    loaded = loading.load(file, root, folder)
    counts: Counter[str] = Counter()
    found = reports(file)
    if found is None or (loaded.error and not loaded.is_refused):
        return Counter({"not loaded": 1}), []
    if loaded.is_refused:
        return _of_file(file, loaded.error, found)
    runs = called(file.read_bytes())
    differences = []
    for verdict in loaded.verdicts:
        own = [d for d in found if _is_about(d, verdict)]
        if verdict.is_partial:
            own = [d for d in own if d.code in ON_THE_GRAPH]
        if verdict.message and not own and not verdict.is_known:
            counts["unknown"] += 1
            continue
        is_run = verdict.name in runs
        if verdict.message and not own and not is_run:
            # It may be a base that others complete.
            counts["not run"] += 1
            continue
        counts["flows"] += 1
        counts["refused"] += bool(verdict.message)
        difference = _difference(f"{file}: {verdict.name}", verdict.message, own)
        if difference is None:
            counts["agreed"] += 1
        else:
            counts[difference.kind] += 1
            differences.append(difference)
    return counts, differences


def _of_file(
    file: Path, message: str, found: list[Diagnostic]
) -> tuple[Counter[str], list[Difference]]:
    """The figures of a file that Metaflow refuses to load: it counts as one flow."""
    counts = Counter({"flows": 1, "refused": 1})
    difference = _difference(str(file), message, found)
    counts["agreed" if difference is None else difference.kind] += 1
    return counts, [difference] if difference else []


def _difference(where: str, message: str, found: list[Diagnostic]) -> Difference | None:
    if message and not found:
        return Difference("missed", where, message)
    if message or not found:
        return None
    wrong = [d for d in found if d.code not in UNSEEN]
    kind, shown = ("wrong", wrong[0]) if wrong else ("unseen", found[0])
    return Difference(kind, where, f"{shown.start.row}: {shown.code} {shown.message}")


def _is_about(diagnostic: Diagnostic, verdict: Verdict) -> bool:
    return any(first <= diagnostic.start.row <= last for first, last in verdict.rows)


def reports(file: Path) -> list[Diagnostic] | None:
    """What the rules on what Metaflow refuses find in a file, `None` if it cannot be read."""
    linter = Linter(all_rules())
    try:
        source = load(file, linter.snapshot)
    except OSError:
        return None
    if isinstance(source, Diagnostic):
        return None
    found = linter.check(source, Settings(select=("MF8",)))
    return None if any(d.code == "MF900" for d in found) else found


def files(root: Path) -> Iterator[Path]:
    """The files of a checkout with steps in them."""
    for file in sorted(root.rglob("*.py")):
        if file.is_file():
            text = file.read_bytes()
            if b"metaflow" in text and _STEP.search(text) and b"class " in text:
                yield file


_STEP = re.compile(rb"^\s+@(\w+\.)?step\b", re.MULTILINE)


def main(folders: list[Path]) -> int:
    """Print the differences and the figures."""
    counts: Counter[str] = Counter()
    with_flows = 0
    roots = (root for folder in folders for root in folder.iterdir() if root.is_dir())
    for root in sorted(root.resolve() for root in roots):
        before = counts["flows"]
        for file in files(root):
            with TemporaryDirectory() as folder:
                more, differences = compared(file, root, Path(folder))
            counts += more
            for difference in differences:
                print(f"{difference.kind}: {difference.where}: {difference.what}", flush=True)
        with_flows += counts["flows"] > before
        print(f"\r{with_flows} repositories", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(
        f"{with_flows} repositories, {counts['flows']} flows, of which Metaflow refuses "
        f"{counts['refused']}: {counts['agreed']} agreed, {counts['wrong']} wrongly reported, "
        f"{counts['missed']} missed, {counts['unseen']} reported for what only a run shows; "
        f"{counts['not loaded']} files cannot be loaded; of the flows that are refused, "
        f"{counts['unknown']} have decorators that are not installed, and {counts['not run']} are "
        "not run by their files"
    )
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]]))
