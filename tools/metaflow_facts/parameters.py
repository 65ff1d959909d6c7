"""Reads what `Parameter`, `IncludeFile` and `Config` take: options, names, types, defaults."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Mapping
from typing import Any

import metaflow
from metaflow import JSONType, Parameter, parameters
from metaflow._vendor import click
from metaflow.cli import cli, start

from tools.metaflow_facts.attributes import PROBES
from tools.metaflow_facts.trials import Refusal, _ignore, message_of

KINDS = ("Parameter", "IncludeFile", "Config")

_TYPES = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "JSONType": JSONType,
    "list": list,
    "dict": dict,
    "tuple": tuple,
    "set": set,
    "bytes": bytes,
}
"""Types that a flow may name, and those that people take for types of parameters."""


def read_parameters() -> dict[str, Any]:
    """Return the facts about all kinds of parameters."""
    parameters.set_parameter_context("Tried", _ignore, _Store, *_configs())
    kinds = {kind: getattr(metaflow, kind) for kind in KINDS if hasattr(metaflow, kind)}
    return {
        "parameter_options": {kind: _options(cls) for kind, cls in kinds.items()},
        "reserved_parameter_names": _reserved_names(),
        "parameter_types": {name: _type(type_) for name, type_ in _TYPES.items()},
    }


class _Store:
    TYPE = "local"


def _configs() -> list[Any]:
    """Return what later versions want to know, too: the values of configs, of which there are none."""
    wanted = inspect.signature(parameters.set_parameter_context).parameters
    return [{}] if "configs" in wanted else []


def _options(cls: type[Parameter]) -> dict[str, Any]:
    """Return the options of a class, those that may be given by position first."""
    signature = inspect.signature(cls.__init__).parameters.values()
    named = [p.name for p in signature if p.kind is p.POSITIONAL_OR_KEYWORD][1:]
    candidates = {*named}
    for option in (click.Option, click.Parameter, Parameter, metaflow.IncludeFile):
        candidates.update(inspect.signature(option.__init__).parameters)
    candidates |= {"separator", "default"}
    candidates -= {"self", "name", "kwargs", "attrs", "param_decls", "args"}
    taken = sorted(o for o in candidates if o in named or _try_option(cls, o) is None)
    unknown = _try_option(cls, "zzz")
    return {
        "positional": named,
        "options": taken,
        "unknown_option": unknown and unknown._asdict(),
    }


def _try_option(cls: type[Parameter], option: str) -> Refusal | None:
    """Give an option values of several kinds: one that is taken is enough."""
    refusal = None
    for value in (None, True, "work", 1):
        refusal = _try(cls, "work", {option: value})
        if refusal is None:
            return None
    return refusal


def _try(cls: type[Parameter], name: str, options: Mapping[str, Any]) -> Refusal | None:
    """Make a parameter, and the option of the command line that it becomes, and let it be parsed."""
    try:
        parameter = cls(name, **options)
        if hasattr(parameter, "init"):
            parameter.init()
    except Exception as error:
        return Refusal("load", message_of(error))
    try:
        option = click.Option(("--" + name,), **parameter.option_kwargs(True))
        command = click.Command("run", params=[option])
        arguments = ["--" + name, "1"] if options.get("required") else []
        command.make_context("run", arguments, obj=None)
    except click.exceptions.Exit:
        return None
    except click.ClickException as error:
        return Refusal("check", error.format_message())
    except Exception as error:
        return Refusal("check", message_of(error))
    return None


def _reserved_names() -> dict[str, Any]:
    """Try the names of all options of all commands, as they are written and in other letters."""
    names = set()
    for command in (start, cli, *_commands(cli)):
        for option in command.params:
            words = {option.name, *(o.lstrip("-") for o in getattr(option, "opts", ()))}
            names |= {w for word in words for w in (word, word.replace("_", "-"), word.upper())}
    names |= _strings_of(Parameter)
    found = {name: _try(Parameter, name, {}) for name in sorted(names) if name}
    return {name: refusal._asdict() for name, refusal in found.items() if refusal is not None}


def _strings_of(cls: type) -> set[str]:
    """Return the words that stand in a class's code."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    words = (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant))
    return {w for w in words if isinstance(w, str) and w.replace("-", "_").isidentifier()}


def _commands(group: Any) -> list[Any]:
    commands = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        commands.append(command)
        if isinstance(command, click.MultiCommand):
            commands += _commands(command)
    return commands


def _type(type_: Any) -> dict[str, Any]:
    """Return which kinds of defaults a type refuses."""
    refused: dict[Refusal, list[str]] = {}
    for kind, values in PROBES.items():
        answers = [_try(Parameter, "work", {"type": type_, "default": v}) for v in values]
        if all(answers):
            first = answers[0]._replace(
                message=answers[0].message.replace(str(values[0]), "{value}")
            )
            refused.setdefault(first, []).append(kind)
    return {
        "refuses": [
            {"kinds": sorted(kinds), **refusal._asdict()} for refusal, kinds in refused.items()
        ]
    }
