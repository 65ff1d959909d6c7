"""Facts about one version of Metaflow, read from the data when they are asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

from lint_rules.metaflow.decorators import Decorator
from lint_rules.metaflow.schedulers import Answer, answers_from
from lint_rules.metaflow.values import Attribute, Refusal, refusal_from
from lint_rules.metaflow.versions import MISSING, at, outermost, parsed

DATA = Path(__file__).parent / "data"


@cache
def section(name: str) -> Any:
    """Return one file of the data, with all versions."""
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


@cache
def known_versions() -> tuple[str, ...]:
    """Return the versions of Metaflow that were read, from the oldest on."""
    return tuple(
        sorted({v for read in section("versions")["read"].values() for v in read}, key=parsed)
    )


@cache
def facts(version: str | None = None) -> Facts:
    """Return the facts about a version of Metaflow, or about the newest that is known.

    A version between two that were read is taken for the older one. What is older than the oldest
    is taken for the oldest, what is newer than the newest for the newest. `Facts.is_known` tells
    whether that is certain.

    Raises:
        ValueError: if the text is no version.
    """
    return Facts(known_versions()[-1] if version is None else version)


class Exclusion(NamedTuple):
    """Why two decorators may not stand together.

    Attributes:
        refusal: what Metaflow says.
        when: empty if they never may. Otherwise they may not if one of these mappings holds: each
            decorator in it is given the attribute that is named there, and its value is not empty.
        unless: what may allow it after all: a decorator with the attribute that does, `disabled`.
    """

    refusal: Refusal
    when: tuple[Mapping[str, str], ...]
    unless: tuple[Mapping[str, str], ...]


class ParameterKind(NamedTuple):
    """What `Parameter`, `IncludeFile` or `Config` takes.

    Attributes:
        positional: arguments in the order in which they may stand without a name, `name` first.
        options: all keyword arguments but `name`.
        unknown_option: what Metaflow says to any other.
        exclusive: pairs of options of which only one may be given.
        type: what `type=` refuses.
    """

    positional: tuple[str, ...]
    options: frozenset[str]
    unknown_option: Refusal | None
    exclusive: Mapping[frozenset[str], Refusal]
    type: Attribute


class OwnName(NamedTuple):
    """A name that each flow has from `FlowSpec`.

    Attributes:
        kind: "method", "property", "class attribute" or "instance attribute".
        settable: whether a step may assign to it without an error.
        saved: whether an artifact of that name is saved: if not, the next step does not see it.
    """

    kind: str
    settable: bool
    saved: bool


class Pathspec(NamedTuple):
    """The pathspec that a class of the client takes.

    Attributes:
        parts: how many parts it has, with slashes between them.
        message: what Metaflow says to any other number.
    """

    parts: int
    message: str


class S3Method(NamedTuple):
    """A method of `S3`.

    Attributes:
        takes: "one", "many", "one with a value", "many with values", "many with files" or "none".
        parameters: the names of its parameters, in order.
        returns: whether it downloads "one" object, "many" or "nothing".
    """

    takes: str
    parameters: tuple[str, ...]
    returns: str


def _parameter_kind(data: Mapping[str, Any]) -> ParameterKind:
    unknown = data["unknown_option"]
    return ParameterKind(
        tuple(data["positional"]),
        frozenset(data["options"]),
        refusal_from(unknown) if unknown else None,
        {frozenset(pair["options"]): refusal_from(pair) for pair in data["exclusive"]},
        Attribute("type", data["type"]),
    )


class Facts:
    """What one version of Metaflow has and refuses. All is loaded when it is first asked for."""

    def __init__(self, version: str) -> None:
        self.version = version
        oldest, newest = parsed(known_versions()[0]), parsed(known_versions()[-1])
        self._at = min(max(parsed(version), oldest), newest)
        between = any(
            parsed(one) < self._at < parsed(other) for one, other in section("versions")["gaps"]
        )
        self.is_known = self._at == parsed(version) and not between
        """Whether this version was read, or lies between two that are the same.

        Otherwise the facts are those of a version near by, and a rule does well to be silent.
        """

    def _section(self, file: str, *names: str) -> Any:
        data = section(file)
        for name in names:
            data = data[name]
        return at(data, self._at)

    @cached_property
    def step_decorators(self) -> Mapping[str, Decorator]:
        """Metaflow's decorators of steps, by name, but not `step` itself."""
        return self._decorators("step")

    @cached_property
    def flow_decorators(self) -> Mapping[str, Decorator]:
        """Metaflow's decorators of flows, by name. Mutators are not among them."""
        return self._decorators("flow")

    def _decorators(self, kind: str) -> dict[str, Decorator]:
        data = section("decorators")
        asked = at(data["characters"], self._at)
        return {
            name: Decorator(name, kind, partial(at, decorator, self._at), asked)
            for name, decorator in outermost(data[f"{kind}_decorators"], self._at).items()
            if outermost(decorator, self._at) is not MISSING
        }

    def decorator(self, name: str) -> Decorator | None:
        """Return a decorator of steps or of flows, or `None` if Metaflow has none of that name."""
        return self.step_decorators.get(name) or self.flow_decorators.get(name)

    def value_problem(self, decorator: str, attribute: str, value: object) -> Refusal | None:
        """Return what Metaflow says to a value of an attribute, or `None`.

        Unknown names are not checked.

        `value` is what `ast.literal_eval` gives, or `FUNCTION`, or `UNKNOWN`.
        """
        known = self.decorator(decorator)
        found = known.attributes.get(attribute) if known else None
        return found.problem(value) if found else None

    def excludes(self, one: str, other: str) -> Exclusion | None:
        """Return why two decorators may not stand together, or `None` if they may.

        Both stand on one step or on one flow, or one stands on a step and the other on its flow.
        """
        return self._exclusions.get(frozenset((one, other)))

    @cached_property
    def _exclusions(self) -> Mapping[frozenset[str], Exclusion]:
        return {
            frozenset(names.split()): Exclusion(
                refusal_from(data), tuple(data.get("when", ())), tuple(data.get("unless", ()))
            )
            for names, data in self._section("pairs").items()
        }

    @cached_property
    def public_names(self) -> Mapping[str, str]:
        """What `from metaflow import *` binds.

        Values are "step decorator", "flow decorator", "flow mutator", "class", "function", "module"
        and "value".
        """
        names: dict[str, str] = self._section("names", "public_names")
        return names

    @cached_property
    def flowspec_attributes(self) -> Mapping[str, OwnName]:
        """All names that each flow has, those that begin with `_` too."""
        data = self._section("names", "flowspec_attributes")
        return {
            name: OwnName(d["is"], d.get("settable", True), d.get("saved", True))
            for name, d in data.items()
        }

    @cached_property
    def reserved_step_names(self) -> Mapping[str, Refusal]:
        """Names that no step may have, with what Metaflow says."""
        data = self._section("names", "reserved_step_names")
        return {name: refusal_from(refusal) for name, refusal in data.items()}

    def step_name_problem(self, name: str) -> Refusal | None:
        """Return what Metaflow says to a step's name, or `None`."""
        if name in self.reserved_step_names:
            return self.reserved_step_names[name]
        rule = self._section("names", "step_name")
        first, others = name[:1] not in rule["first"], set(name) - set(rule["characters"])
        return refusal_from(rule) if first or others else None

    @cached_property
    def next_options(self) -> frozenset[str]:
        """The keyword arguments of `self.next`."""
        return frozenset(self._section("names", "next_options"))

    @cached_property
    def current_properties(self) -> Mapping[str, frozenset[str]]:
        """What `current` has, each name with the decorators that add it, or with none if always."""
        found = {name: set[str]() for name in self._section("names", "current")}
        for decorator in (*self.step_decorators.values(), *self.flow_decorators.values()):
            for name in decorator.current:
                found.setdefault(name, set()).add(decorator.name)
        return {name: frozenset(decorators) for name, decorators in found.items()}

    @cached_property
    def shadowing_modules(self) -> frozenset[str]:
        """The names that no file beside a flow may have: `metaflow`, and those of standard modules
        that Metaflow needs."""
        return frozenset(self._section("modules", "shadowing"))

    @cached_property
    def card_types(self) -> frozenset[str]:
        """The types of cards that Metaflow brings along. Extensions add others."""
        return frozenset(self._section("names", "cards")["types"])

    @cached_property
    def editable_cards(self) -> frozenset[str]:
        """Those of `card_types` that steps may add components to."""
        return frozenset(self._section("client", "editable_cards"))

    @cached_property
    def card_id_pattern(self) -> str:
        """The regular expression that a card's `id` must match to be found in `current.card`."""
        pattern: str = self._section("names", "cards")["id_pattern"]
        return pattern

    @cached_property
    def pathspecs(self) -> Mapping[str, Pathspec]:
        """What the classes of the client take, by their names: `Run`, `Step`, …"""
        data = self._section("client", "classes")
        return {name: Pathspec(d["parts"], d["message"]) for name, d in data.items()}

    @cached_property
    def current_parts(self) -> Mapping[str, int]:
        """How many parts of a pathspec a text of `current` is: 4 of `pathspec`, 1 of `run_id`."""
        data = self._section("client", "current")
        return {name: d["parts"] for name, d in data.items() if "parts" in d}

    @cached_property
    def current_objects(self) -> Mapping[str, str]:
        """The classes of the client that properties of `current` give: `Run` of `run`."""
        data = self._section("client", "current")
        return {name: d["object"] for name, d in data.items() if "object" in d}

    @cached_property
    def s3_methods(self) -> Mapping[str, S3Method]:
        """The methods of `S3` that ask for objects or store them."""
        data = self._section("client", "s3_methods")
        return {
            name: S3Method(d["takes"], tuple(d["parameters"]), d["returns"])
            for name, d in data.items()
        }

    @cached_property
    def s3_contents(self) -> frozenset[str]:
        """The properties of a downloaded object that fail when its client is closed."""
        return frozenset(self._section("client", "s3_contents", "fail"))

    @cached_property
    def s3_paths(self) -> frozenset[str]:
        """The properties of a downloaded object that name its file, which the client deletes."""
        return frozenset(self._section("client", "s3_contents", "path"))

    @cached_property
    def parameter_options(self) -> Mapping[str, ParameterKind]:
        """What `Parameter`, `IncludeFile` and, where the version has it, `Config` take."""
        data = self._section("parameters", "parameter_options")
        return {name: _parameter_kind(d) for name, d in data.items()}

    @cached_property
    def reserved_parameter_names(self) -> Mapping[str, Refusal]:
        """Names that no parameter may have, with what Metaflow says."""
        data = self._section("parameters", "reserved_parameter_names")
        return {name: refusal_from(refusal) for name, refusal in data.items()}

    @cached_property
    def parameter_types(self) -> Mapping[str, Attribute]:
        """Types that a parameter may be given, with the defaults that each refuses.

        Ask `parameter_types["int"].problem("many")`. A type that is not here is not checked.
        """
        data = self._section("parameters", "parameter_types")
        return {name: Attribute(name, d) for name, d in data.items()}

    @cached_property
    def same_parameter(self) -> Refusal | None:
        """What Metaflow says to two parameters whose names differ in letter case at most."""
        data = self._section("parameters", "same_parameter")["other_case"]
        return refusal_from(data) if data else None

    @cached_property
    def default_without_argument(self) -> Refusal | None:
        """What Metaflow says to a default's function that takes no argument."""
        data = self._section("parameters", "function_default")["no_argument"]
        return refusal_from(data) if data else None

    @cached_property
    def schedulers(self) -> Mapping[str, Mapping[str, Answer]]:
        """What each scheduler makes of a construct: `schedulers["step-functions"]["switch"]`.

        Schedulers are "argo-workflows", "step-functions" and "airflow". A construct that the
        version does not have is missing.
        """
        return {name: answers_from(data) for name, data in self._section("schedulers").items()}
