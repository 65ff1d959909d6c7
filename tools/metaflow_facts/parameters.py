"""Reads what `Parameter`, `IncludeFile` and `Config` take: options, names, types, defaults."""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import textwrap
from collections.abc import Mapping
from typing import Any

import metaflow
from metaflow import JSONType, Parameter, parameters
from metaflow._vendor import click
from metaflow.cli import cli, start

from tools.metaflow_facts.attributes import PROBES, without
from tools.metaflow_facts.pairs import all_refused
from tools.metaflow_facts.trials import Refusal, ignore, load, message_of

_NAME = "tried_parameter"
"""The name of the parameter that options are tried on; stored as `{name}`."""

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
    parameters.set_parameter_context("Tried", ignore, _Store, *_configs())
    kinds = {kind: getattr(metaflow, kind) for kind in KINDS if hasattr(metaflow, kind)}
    return {
        "parameter_options": {kind: _options(cls) for kind, cls in kinds.items()},
        "reserved_parameter_names": _reserved_names(),
        "parameter_types": {
            name: _refused(Parameter, "default", {"type": type_}) for name, type_ in _TYPES.items()
        },
        "same_parameter": {"same": _twice(_NAME), "other_case": _twice(_NAME.upper())},
        "function_default": {
            "no_argument": _told(_try(Parameter, _NAME, {"default": lambda: "made"})),
            "one_argument": _told(_try(Parameter, _NAME, {"default": lambda _: "made"})),
        },
    }


class _Store:
    TYPE = "local"


def _configs() -> list[Any]:
    """Return what later versions want besides: the values of configs, here none."""
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
    unknown = _try(cls, _NAME, {"zzz": 1})
    return {
        "positional": named,
        "options": taken,
        "unknown_option": _told(unknown),
        "exclusive": _exclusive(cls),
        "type": _refused(cls, "type", {}) if "type" in taken else {},
    }


def _told(refusal: Refusal | None) -> dict[str, str] | None:
    return refusal and refusal._asdict()


def _try_option(cls: type[Parameter], option: str) -> Refusal | None:
    """Give an option values of several kinds: one that is taken is enough."""
    refusal = None
    for value in (None, True, "work", 1):
        refusal = _try(cls, _NAME, {option: value})
        if refusal is None:
            return None
    return refusal


def _try(cls: type[Parameter], name: str, options: Mapping[str, Any]) -> Refusal | None:
    """Make a parameter and the option that it becomes, and let a command line be parsed."""
    try:
        parameter = cls(name, **options)
        if hasattr(parameter, "init"):
            parameter.init()
    except Exception as error:
        return Refusal("load", _message(error))
    try:
        option = click.Option(("--" + name,), **parameter.option_kwargs(True))
        command = click.Command("run", params=[option])
        arguments = ["--" + name, "1"] if options.get("required") else []
        command.make_context("run", arguments, obj=None)
    except click.exceptions.Exit:
        return None
    except click.ClickException as error:
        return Refusal("check", error.format_message().replace(_NAME, "{name}"))
    except Exception as error:
        return Refusal("check", _message(error))
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


def _refused(cls: type[Parameter], option: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return which kinds of values an option refuses, beside others."""
    refused: dict[Refusal, list[str]] = {}
    for kind, values in PROBES.items():
        if kind == "function":  # it is called, and what it gives decides
            continue
        answers = [without(_try(cls, _NAME, {**given, option: v}), v) for v in values]
        if first := all_refused(answers):
            refused.setdefault(first, []).append(kind)
    groups = [{"kinds": sorted(kinds), **refusal._asdict()} for refusal, kinds in refused.items()]
    return {"refuses": groups} if groups else {}


def _exclusive(cls: type[Parameter]) -> list[dict[str, Any]]:
    """Return pairs of options of which only one may be given."""
    named = [p for p in inspect.signature(cls.__init__).parameters if p not in ("self", "name")]
    found = []
    for one, other in itertools.combinations(sorted({*named, "default"} - {"kwargs"}), 2):
        pairs = itertools.product(_loaded(cls, one), _loaded(cls, other))
        refusal = all_refused(_try(cls, _NAME, {one: a, other: b}) for a, b in pairs)
        if refusal and refusal.stage == "load":
            found.append({"options": [one, other], **refusal._asdict()})
    return found


def _loaded(cls: type[Parameter], option: str) -> list[Any]:
    """Return some values of an option with which a parameter can be made."""
    answers = [(value, _try(cls, _NAME, {option: value})) for value in ("work", True, 1)]
    return [value for value, refusal in answers if refusal is None or refusal.stage != "load"]


_TWICE = f"""
from metaflow import FlowSpec, Parameter, step

class Tried(FlowSpec):
    one = Parameter("{_NAME}")
    other = Parameter({{name!r}})

    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass
"""


def _twice(name: str) -> dict[str, str] | None:
    """Give a flow two parameters, the second of a name of its own."""
    flow = load(_TWICE.format(name=name))(use_cli=False)
    try:
        flow._check_parameters()
    except Exception as error:
        return Refusal("check", _message(error))._asdict()
    return None


def _message(error: Exception) -> str:
    """Return an exception's text with `{name}` for the parameter's."""
    return re.sub(_NAME, "{name}", message_of(error), flags=re.IGNORECASE)
