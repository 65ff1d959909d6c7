"""Reads the files of the project's flows, without running them, to find which flow needs which results."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Unreadable(Exception):
    """A flow's file with a syntax error. The message says which file, and where."""


@dataclass(frozen=True)
class FlowFile:
    """Facts about a flow: its folder, its class, its events, and the folders of the flows that it reads."""

    folder: str
    class_name: str
    raises: frozenset[str]
    waits_for: frozenset[str]
    reads: frozenset[str]


def read_flows() -> list[FlowFile]:
    """Read `flows/NAME/flow.py` of all flows, in the order of their folders.

    Raises:
        Unreadable: If one of the files has a syntax error.
    """
    flows = []
    for path in sorted(ROOT.glob("flows/*/flow.py")):
        try:
            module = ast.parse(path.read_bytes())
        except SyntaxError as error:
            raise Unreadable(f"{path.relative_to(ROOT)} cannot be read ({error.msg}, line {error.lineno})") from None
        for node in module.body:
            if isinstance(node, ast.ClassDef):
                events = _raised_events(node), _awaited_events(node)
                flows.append(FlowFile(path.parent.name, node.name, *events, _read_folders(module)))
    return flows


def in_order(wanted: Iterable[FlowFile], flows: list[FlowFile]) -> list[str]:
    """List the folders of flows and of all flows whose results they need, in the order of the results.

    Flows that need each other in a cycle are in any order.
    """
    ordered: dict[FlowFile, None] = {}
    begun: set[FlowFile] = set()

    def visit(flow: FlowFile) -> None:
        if flow not in begun:
            begun.add(flow)
            for other in flows:
                if other.folder in flow.reads or other.raises & flow.waits_for:
                    visit(other)
            ordered[flow] = None

    for flow in wanted:
        visit(flow)
    return list(dict.fromkeys(flow.folder for flow in ordered))


def _raised_events(flow: ast.ClassDef) -> frozenset[str]:
    return frozenset(
        argument.value
        for call in ast.walk(flow)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "raise_event"
        for argument in call.args[:1]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )


def _awaited_events(flow: ast.ClassDef) -> frozenset[str]:
    decorators = [each for each in flow.decorator_list if isinstance(each, ast.Call)]
    return frozenset(
        constant.value
        for decorator in decorators
        if isinstance(decorator.func, ast.Name) and decorator.func.id == "namespaced_trigger"
        for keyword_argument in decorator.keywords
        if keyword_argument.arg in {"event", "events"}
        for constant in ast.walk(keyword_argument.value)
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
    )


def _read_folders(module: ast.Module) -> frozenset[str]:
    """Find the flows whose getters are used, as `get_x` or `getters.get_x`."""
    nodes = list(ast.walk(module))
    names = [name.name for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names]
    names += [node.attr for node in nodes if isinstance(node, ast.Attribute)]
    return frozenset(name.removeprefix("get_") for name in names if name.startswith("get_"))
