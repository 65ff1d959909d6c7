"""Where a flow's file reads the command line itself, which is Metaflow's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.flow_call import runs_before
from lint_rules.analysis.run_code import run_by_steps
from lint_rules.model.code import (
    Assignment,
    Attribute,
    Call,
    Constant,
    Expression,
    Function,
    Name,
    Subscript,
)
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module

_PARSERS = frozenset({"argparse.ArgumentParser", "optparse.OptionParser"})
_COMMANDS = frozenset({"click.command", "click.group"})
_NUMBERS = frozenset({"builtins.int", "builtins.float"})


@dataclass(frozen=True)
class CommandLineRead:
    """A place that reads the command line.

    Attributes:
        at: the expression.
        what: what it is, as one writes it.
        step: the step or function that runs in a task and reads it, empty for the file itself.
    """

    at: Expression
    what: str
    step: str = ""


def command_line_reads(flow: Flow) -> Iterator[CommandLineRead]:
    """The places in a flow's file that read the command line and fail, or get something else."""
    module = flow.module
    imported = {name.partition(".")[0] for name in module.scope.imports.values()}
    inside = {
        package
        for statement in module.descendants.imports
        for package in statement.packages() & {"argparse", "click", "optparse", "sys", "typer"}
    }
    if not (inside | imported) & {"argparse", "click", "optparse", "sys", "typer"}:
        return
    for call, function in runs_before(module):
        what = _parses(call, function, module)
        if what is not None:
            yield CommandLineRead(call, what)
        elif call.function.qualified in _NUMBERS and any(map(_is_item, call.positional)):
            yield CommandLineRead(call, "sys.argv")
    for function in run_by_steps(flow):
        if function.file != module.resolver.path:
            continue
        for call in function.descendants.calls:
            what = _parses(call, function, module)
            if what is not None:
                yield CommandLineRead(call, what, function.name)
        reads = [name for name in function.descendants.names if name.qualified == "sys.argv"]
        files = _file_names(function) if reads else set()
        for read in reads:
            if read.context == "load" and read not in files:
                yield CommandLineRead(read, "sys.argv", function.name)


def _file_names(function: Function) -> set[Expression]:
    """The `sys.argv` of each `sys.argv[0]` in a function: the flow's file, in a task too."""
    return {
        part.value
        for statement in function.statements
        for expression in statement.expressions
        for part in expression.walk()
        if isinstance(part, Subscript)
        and isinstance(part.index[0], Constant)
        and part.index[0].value == 0
    }


def _is_item(value: Expression) -> bool:
    """Whether an expression is `sys.argv[1]`."""
    return isinstance(value, Subscript) and value.value.qualified == "sys.argv"


def _parses(call: Call, function: Function | None, module: Module) -> str | None:
    """How a call reads the whole command line, `None` for others."""
    called = call.function
    if call.function.qualified == "typer.run":
        return "typer.run"
    if call.arguments:
        return None
    if isinstance(called, Attribute) and called.name == "parse_args":
        made = called.value
        is_parser = isinstance(made, Call) and made.function.qualified in _PARSERS
        return "parse_args()" if is_parser else None
    if not isinstance(called, Name):
        return None
    owner, _, name = called.name.rpartition(".")
    if name == "parse_args" and owner and _is_parser(owner, function, module):
        return "parse_args()"
    command = module.functions.get(called.name)
    if command is not None and any(d.qualified in _COMMANDS for d in command.decorators):
        return f"{called.name}()"
    return None


def _is_parser(name: str, function: Function | None, module: Module) -> bool:
    """Whether each assignment to a variable makes a parser."""
    if function is not None and name in function.locals:
        values = [binding.source for binding in function.locals[name]]
    else:
        values = [
            statement.value
            for statement in module.statements
            if isinstance(statement, Assignment)
            and any(isinstance(t, Name) and t.name == name for t in statement.targets)
        ]
    return bool(values) and all(
        isinstance(value, Call) and value.function.qualified in _PARSERS for value in values
    )
