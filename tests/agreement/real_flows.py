"""`python -m tests.agreement.real_flows FOLDER…`: compares Metaflow and the linter on real flows.

Each FOLDER holds checkouts, one in each folder. Each of their flow files is imported in a process
of its own, with stand-ins for packages that are not installed; then Metaflow's `check` and the
linter's rules on what it refuses look at each flow. Prints each difference, and the figures.
Exit status: 1 when a flow is wrongly reported.
"""

from __future__ import annotations

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
from tests.agreement.loading import Verdict, called

UNSEEN = ("MF801", "MF803", "MF809", "MF818", "MF820", "MF821", "MF822", "MF825")
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
        is_run = verdict.name in runs
        if _needs_options(verdict.message):
            # How it is called decides, and not what is written in it.
            counts["called otherwise"] += 1
            continue
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


def _needs_options(message: str) -> bool:
    """Whether a flow is only refused because an option or a file is not given."""
    return any(words in message for words in _OPTIONS)


_OPTIONS = (
    *("requires --", "missing configuration for", "could not be read for", "is not allowed here"),
    *("must not be written", "must not be made", "Bad values passed for configuration options"),
)


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
    source = load(file, linter.snapshot)
    if isinstance(source, Diagnostic):
        return None
    found = linter.check(source, Settings(select=("MF8",)))
    return None if any(d.code == "MF900" for d in found) else found


def files(root: Path) -> Iterator[Path]:
    """The flow files of a checkout."""
    for file in sorted(root.rglob("*.py")):
        if file.is_file() and b"FlowSpec" in file.read_bytes():
            yield file


def main(folders: list[Path]) -> int:
    """Print the differences and the figures."""
    counts: Counter[str] = Counter()
    with_flows = 0
    for root in sorted(r for folder in folders for r in folder.iterdir() if r.is_dir()):
        before = counts["flows"]
        for file in files(root):
            with TemporaryDirectory() as folder:
                more, differences = compared(file, root.resolve(), Path(folder))
            counts += more
            for difference in differences:
                print(f"{difference.kind}: {difference.where}: {difference.what}", flush=True)
        with_flows += counts["flows"] > before
    print(
        f"{with_flows} repositories, {counts['flows']} flows, of which Metaflow refuses "
        f"{counts['refused']}: {counts['agreed']} agreed, {counts['wrong']} wrongly reported, "
        f"{counts['missed']} missed, {counts['unseen']} reported for what only a run shows; "
        f"{counts['not loaded']} files cannot be loaded, {counts['called otherwise']} flows need "
        f"options or files, and {counts['not run']} that their files do not run are refused"
    )
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main([Path(name) for name in sys.argv[1:]]))
