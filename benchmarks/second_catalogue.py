"""`python -m benchmarks.second_catalogue [FOLDER…]`: what the rules on what fails when run cost.

Processor time of the rules of the second catalogue, in percent of libcst's parse of the same files,
after all other rules have run: for all of them, and for each one after the ones before it. Without
folders, it reads Metaflow's own flows.
"""

from __future__ import annotations

import gc
import re
import sys
from functools import partial
from pathlib import Path

import libcst as cst
import metaflow

from benchmarks.rules import run_rule, seconds
from lint_rules.analysis.imports import ImportResolver
from lint_rules.engine.registry import own_rules
from lint_rules.engine.sources import load
from lint_rules.model.module import Module
from lint_rules.model.project import Project
from lint_rules.settings.options import Settings
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.read import read
from lint_rules.workspace.source import Source
from lint_rules.workspace.workspace import Workspace

_SECOND = re.compile(r"MF(207|208|310|40[4568]|41\d|42\d|50[4-7]|60[678]|709|80[4-9]|81\d|82\d)")


def main(folders: list[str]) -> None:
    """Print the shares."""
    files = (
        file
        for folder in [Path(f) for f in folders] or [Path(metaflow.__file__).parent / "tutorials"]
        for file in sorted(folder.rglob("*.py"))
        if "FlowSpec" in file.read_text(encoding="utf-8", errors="replace")
    )
    snapshot = Workspace().snapshot()
    rules = [rule(Settings()) for rule in own_rules() if rule.subject() is not Project]
    second = [rule for rule in rules if _SECOND.fullmatch(rule.code)]
    others = [rule for rule in rules if rule not in second]
    parsing, taken, count = 0.0, dict.fromkeys((rule.code for rule in second), 0.0), 0
    gc.disable()
    for file in files:
        source = load(file, snapshot)
        if not isinstance(source, Source):
            continue
        try:
            resolver = ImportResolver(snapshot, source.path)
            module = Module(*read(source.text, resolver.path), resolver, source.text)
        except (cst.ParserSyntaxError, CannotRead):
            continue
        parsing += seconds(partial(cst.parse_module, source.text))
        count += 1
        for rule in others:
            run_rule(rule, module)
        for rule in second:
            taken[rule.code] += seconds(partial(run_rule, rule, module))
    total = 100 * sum(taken.values()) / parsing
    print(f"{count} files, parsed in {parsing:.1f} s. The second catalogue: {total:.1f} %")
    for code in sorted(taken, key=lambda code: -taken[code])[:15]:
        print(f"{code} {100 * taken[code] / parsing:.2f} %")


if __name__ == "__main__":
    main(sys.argv[1:])
