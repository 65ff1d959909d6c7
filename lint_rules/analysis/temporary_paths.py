"""Artifacts that are paths below a temporary folder, which is gone when the task ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.attribute_uses import functions
from lint_rules.analysis.path_uses import is_asked, opened
from lint_rules.analysis.run_code import functions_of
from lint_rules.analysis.step_order import later_steps
from lint_rules.model.code import (
    Assignment,
    Attribute,
    BinOp,
    Call,
    Constant,
    Expression,
    FormattedValue,
    Function,
    JoinedStr,
    Name,
    With,
)
from lint_rules.model.flow import Flow
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Artifact, assigned

_FOLDERS = frozenset({"tempfile.TemporaryDirectory"})
_FILES = frozenset({"tempfile.NamedTemporaryFile"})
_KEEPING = frozenset(
    "builtins.str os.fspath os.path.abspath os.path.join os.path.realpath pathlib.Path "
    "pathlib.PurePath".split()
)
"""Functions that make a path of their first argument, below it."""

_PATH_METHODS = frozenset({"absolute", "as_posix", "joinpath", "resolve", "with_suffix"})
MOST_NAMES = 5


@dataclass(frozen=True)
class TemporaryPath:
    """A read of such an artifact as a path.

    Attributes:
        at: the call that opens it.
        artifact: the assignment.
        step: the step that reads.
    """

    at: Call
    artifact: Artifact
    step: str


def temporary_paths(flow: Flow) -> Iterator[TemporaryPath]:
    """The places at which a step opens a path below a temporary folder of an earlier one."""
    by_name: dict[str, list[Artifact]] = {}
    for function in functions(flow):
        for artifact in assigned(function) if function.parameters else ():
            by_name.setdefault(artifact.name, []).append(artifact)
    running = {step.name: set(functions_of(step, flow)) for step in flow.all_steps.values()}
    later = later_steps(flow)
    for name, artifacts in by_name.items():
        if len({artifact.function for artifact in artifacts}) > 1:
            continue
        last = artifacts[-1]
        if last.value is None or not _is_below(last.value, last.function, MOST_NAMES):
            continue
        setters = {step for step, run in running.items() if last.function in run}
        after = {step for setter in setters for step in later[setter]} - setters
        for step in flow.all_steps:
            if step in after:
                for function in running[step]:
                    yield from _opened_in(function, name, last, step)


def _opened_in(
    function: Function, name: str, artifact: Artifact, step: str
) -> Iterator[TemporaryPath]:
    wanted = f"{function.self_name}.{name}"
    if is_asked(function, wanted):
        return
    for call, given in opened(function):
        if isinstance(given, Name) and given.name == wanted:
            yield TemporaryPath(call, artifact, step)


def _is_below(value: Expression, function: Function, names: int) -> bool:
    """Whether an expression is a path at or below a temporary folder or file of a function."""
    if not names:
        return False
    match value:
        case JoinedStr(values=(FormattedValue(value=first), *_)):
            return _is_below(first, function, names)
        case BinOp(left=left, operator="+" | "/"):
            return _is_below(left, function, names)
        case Call(function=called) if called.qualified in _KEEPING:
            given = value.positional
            return bool(given) and _is_below(given[0], function, names)
        case Call(function=Name() as called) if "." in called.name:
            owner, _, method = called.name.rpartition(".")
            return method in _PATH_METHODS and _is_named(owner, function, names)
        case Call(function=Attribute(value=owner, name=method)):
            return method in _PATH_METHODS and _is_below(owner, function, names)
        case Name():
            of_metaflow = metaflow_name(value.without_last().qualified) == "current"
            if of_metaflow and value.name.endswith(".tempdir"):
                return True
            return _is_named(value.name, function, names)
    return False


def _is_named(name: str, function: Function, names: int) -> bool:
    """Whether a variable, or its attribute `name`, is such a path."""
    head, _, rest = name.partition(".")
    bindings = function.locals.get(head, ())
    if len(bindings) != 1 or rest not in ("", "name"):
        return False
    binding = bindings[0]
    source = binding.source
    if isinstance(source, Call) and isinstance(binding.statement, With):
        # `with TemporaryDirectory() as folder` gives the path, a file its object.
        called = source.function.qualified
        return _makes_file(source) if rest else called in _FOLDERS
    if not isinstance(binding.statement, Assignment) or binding.path or source is None:
        return False
    if rest:
        return isinstance(source, Call) and (
            source.function.qualified in _FOLDERS or _makes_file(source)
        )
    return _is_below(source, function, names - 1)


def _makes_file(call: Call) -> bool:
    """Whether a call makes a file that is deleted when it is closed."""
    kept = call.argument("delete")
    is_kept = kept is not None and not (isinstance(kept, Constant) and kept.value is True)
    return call.function.qualified in _FILES and not is_kept
