"""What Metaflow refuses of the arguments of one of its decorators."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from lint_rules.analysis.decorators import Applied
from lint_rules.analysis.suggestions import certain_match
from lint_rules.metaflow import UNKNOWN, Attribute, Refusal
from lint_rules.model.code import Argument, Expression

_STAGES = frozenset({"load", "check", "run", "environment"})
_ENVIRONMENTS = frozenset({"conda", "conda_base", "pypi", "pypi_base"})
_SHOWN = 40


@dataclass(frozen=True)
class ArgumentProblem:
    """What is wrong with an argument, or with all of them.

    Attributes:
        at: what it is about, `None` for the decorator.
        message: what is wrong.
        help: what to type.
        stage: when Metaflow refuses it (see `lint_rules.metaflow.Refusal`).
        meant: the name that an argument was certainly meant to have, if it has a wrong one.
    """

    at: Argument | Expression | None
    message: str
    help: str
    stage: str
    meant: str = ""


def argument_problems(applied: Applied, beside: Collection[str]) -> Iterator[ArgumentProblem]:
    """What Metaflow refuses of a decorator's arguments.

    Args:
        applied: the decorator.
        beside: the names of all decorators of Metaflow's in the same place.
    """
    if applied.positional and applied.known.positional:
        yield _positional(applied, applied.known.positional)
        return
    for names, refusal in applied.known.problems(applied.values):
        if not _holds(applied, refusal.stage, beside):
            continue
        if len(names) == 2:
            if UNKNOWN not in (applied.values[name] for name in names):
                yield _exclusive(applied, names, refusal)
        elif not names:
            if not applied.has_unpacking:
                yield _needed(applied, refusal)
        elif names[0] in applied.known.attributes:
            yield _value(applied, names[0], refusal)
        else:
            yield _unknown(applied, names[0], refusal)
    needs = applied.known.needs
    if needs and not applied.has_unpacking and _are_empty(applied, needs.one_of):
        yield _needed(applied, needs.refusal)
    python = applied.arguments.get("python")
    if python and applied.name in _ENVIRONMENTS and applied.values["python"] == 3.1:
        message = f"`python` of `@{applied.name}` is the number 3.10, which is 3.1"
        yield ArgumentProblem(python.value, message, 'write `python="3.10"`', "environment")


def _are_empty(applied: Applied, names: Iterable[str]) -> bool:
    """Whether attributes of which one is needed are given, all empty or zero, and taken so far."""
    given = [name for name in names if name in applied.values]
    return bool(given) and not any(
        applied.values[name] or applied.known.attributes[name].problem(applied.values[name])
        for name in given
    )


def _holds(applied: Applied, stage: str, beside: Collection[str]) -> bool:
    """Whether Metaflow gets as far as to a stage."""
    if stage == "environment":
        return not applied.values.get("disabled", False)
    # `@resources` is only there for the decorators that refuse its values.
    return stage in _STAGES or stage in beside or applied.name == "resources"


def _positional(applied: Applied, refusal: Refusal) -> ArgumentProblem:
    known = applied.known
    wanted = sorted(known.needs.one_of) if known.needs else sorted(known.attributes)
    message = f"`@{applied.name}` takes arguments only by name, but has one without a name"
    help = f"write its name, as `{wanted[0]}=`" if wanted else "leave it out"
    if len(wanted) > 1:
        help = f"write its name: {_listed(wanted)}"
    return ArgumentProblem(applied.positional[0], message, help, refusal.stage)


def _exclusive(applied: Applied, names: Iterable[str], refusal: Refusal) -> ArgumentProblem:
    one, other = names
    message = f"`@{applied.name}` takes either `{one}` or `{other}`, but has both"
    return ArgumentProblem(None, message, "leave out one of them", refusal.stage)


def _needed(applied: Applied, refusal: Refusal) -> ArgumentProblem:
    wanted = sorted(applied.known.needs.one_of) if applied.known.needs else []
    message = f"`@{applied.name}` lacks {_listed(wanted)}"
    return ArgumentProblem(None, message, f"write `@{applied.name}({wanted[0]}=…)`", refusal.stage)


def _unknown(applied: Applied, name: str, refusal: Refusal) -> ArgumentProblem:
    known = applied.known.attributes
    meant = certain_match(name, known) or ""
    if meant in applied.arguments:
        meant = ""
    message = f"`@{applied.name}` has no attribute `{name}`"
    help = f"write `{meant}=`" if meant else "leave it out"
    if known and not meant:
        help = f"leave it out, or write one of {_listed(sorted(known), 'and')}"
    return ArgumentProblem(applied.arguments[name], message, help, refusal.stage, meant)


def _value(applied: Applied, name: str, refusal: Refusal) -> ArgumentProblem:
    attribute, value = applied.known.attributes[name], applied.values[name]
    what = f"`{name}` of `@{applied.name}`"
    shown = repr(value) if isinstance(value, str | int | float) else _KINDS.get(type(value), "this")
    if len(shown) > _SHOWN:
        shown = f"{shown[:_SHOWN]}…"
    message, help = f"{what} cannot be {shown}", f"give it {_wanted(attribute)}"
    if attribute.most and attribute.most[1] == refusal:
        message = f"{what} is {shown}, but Metaflow accepts at most {attribute.most[0]}"
        help = f"write `{name}={attribute.most[0]}` or less"
    elif attribute.least and attribute.least[1] == refusal:
        message = f"{what} is {shown}, and Metaflow takes at least {attribute.least[0]}"
        help = f"write `{name}={attribute.least[0]}` or more"
    elif attribute.choices:
        help = f"write one of {_listed([repr(c) for c in sorted(attribute.choices)])}"
    elif attribute.longest and attribute.longest[1] == refusal:
        message = f"{what} is longer than {attribute.longest[0]} characters"
        help = "choose a shorter one"
    elif isinstance(value, str) and attribute.problem("text") is None:
        message, help = f"{what} cannot be {shown}: {refusal.message}", "choose another one"
    return ArgumentProblem(applied.arguments[name].value, message, help, refusal.stage)


_KINDS: dict[type, str] = {
    list: "a list",
    tuple: "a tuple",
    set: "a set",
    dict: "a dictionary",
    type(None): "`None`",
    bytes: "bytes",
    type(UNKNOWN): "a function",
}


def _wanted(attribute: Attribute) -> str:
    """What an attribute takes, of the usual kinds of values."""
    taken = [
        what
        for value, what in (
            (2, "a number"),
            ("text", "a string"),
            ([UNKNOWN], "a list"),
            ({"key": UNKNOWN}, "a dictionary"),
        )
        if attribute.problem(value) is None
    ]
    return " or ".join(taken[:2]) if taken else "another value"


def _listed(names: Iterable[str], word: str = "or") -> str:
    quoted = [f"`{name}`" for name in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {word} {quoted[-1]}"
