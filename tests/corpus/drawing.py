"""`python -m tests.corpus.drawing CHECKOUT`: the steps that are drawn are those Metaflow knows.

CHECKOUT is Metaflow's own repository (`git clone https://github.com/Netflix/metaflow`). Compares
its tutorials, and the flows that its test suite makes, with the graph that Metaflow itself builds.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from metaflow import FlowSpec
from metaflow.graph import FlowGraph

from lint_rules.diagrams.diagram import FlowBox
from lint_rules.diagrams.find import Finder
from lint_rules.settings.configuration import Configuration
from tests.corpus.running import made_flows

Ways = set[tuple[str, str, str, str]]
"""From where to where, by what kind of transition, decided by which artifact."""

_KINDS = {"split": "split", "foreach": "foreach", "split-switch": "switch"}


def drawn_ways(flow: FlowBox) -> Ways:
    """The ways that are drawn."""
    names = {step.id: step.name for step in flow.steps}
    return {
        (names[arrow.source], names[arrow.target], arrow.kind, arrow.decided_by)
        for arrow in flow.arrows
    }


def known_ways(flow: type[FlowSpec]) -> Ways:
    """The ways in the graph that Metaflow builds of a flow's class. A join that begins another
    split follows from its number of targets alone there."""
    found: Ways = set()
    for node in FlowGraph(flow):
        kind = _KINDS.get(node.type, "linear")
        if node.parallel_foreach:
            kind = "parallel"
        elif node.type == "join" and len(node.out_funcs) > 1:
            kind = "split"
        decided_by = node.foreach_param or node.condition or ""
        found |= {(node.name, target, kind, decided_by) for target in node.out_funcs}
    return found


def differences(file: Path) -> list[str]:
    """What is drawn of a file's flows and not so in Metaflow, and the other way round."""
    finder = Finder([file], Configuration(isolated=True), file.parent)
    boxes = {flow.name: flow for flow in finder.map(with_findings=False).flows if flow.steps}
    found = [f"{file.name}: {sentence}" for sentence in finder.unread]
    for flow in _flows(file):
        known = known_ways(flow)
        drawn = drawn_ways(boxes[flow.__name__]) if flow.__name__ in boxes else set()
        found += [f"{file.name}: {flow.__name__}: not drawn: {way}" for way in known - drawn]
        found += [f"{file.name}: {flow.__name__}: only drawn: {way}" for way in drawn - known]
    return sorted(found)


def _flows(file: Path) -> list[type[FlowSpec]]:
    """The flows that a file defines. Runs the file's module level, as Metaflow does."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, FlowSpec) and value.__module__ == file.stem
    ]


def main(checkout: Path) -> int:
    """Prints the differences, and returns 1 if there are any, or if no flow was there."""
    files = sorted((checkout / "metaflow" / "tutorials").rglob("*.py"))
    found = [line for file in files for line in differences(file)]
    count = strange = 0
    with TemporaryDirectory() as folder:
        os.chdir(folder)  # some write files where they are
        for name, code in made_flows(checkout):
            file = Path(folder, f"{name}.py")
            file.write_text(code, encoding="utf-8")
            try:
                found += differences(file)
                count += 1
            except ImportError:
                # Some take an extension of Metaflow that is not here.
                strange += 1
    print(*found, sep="\n")
    print(f"{len(files)} files and {count} flows made of them, {len(found)} differences; ", end="")
    print(f"{strange} flows take what is not installed")
    return 1 if found or not count else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
