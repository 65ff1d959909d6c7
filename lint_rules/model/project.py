"""A project as the rules see it: the flows that are kept, named and deployed together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lint_rules.model.code import Expression, Location
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module

_TESTS = frozenset({"test", "tests"})


@dataclass(frozen=True, eq=False)
class StatedProject:
    """The project that a flow states. `location` is that of the name in `@project`, or of the base
    flow that takes the name from `obproject.toml`.

    Attributes:
        flow: the flow.
        owner: the flow, or the base flow that it has the decorator from.
        value: the name as it is written.
        name: the name.
    """

    flow: Flow
    owner: Flow
    value: Expression
    name: str

    @property
    def location(self) -> Location:
        """Where the name is; of the project of a package's base flow where the flow names that."""
        if self.owner.module.resolver.is_of_package:
            return self.flow.way_to(self.owner.module)
        return self.value.location


@dataclass(eq=False)
class Project:
    """The files below one `pyproject.toml`, or else of one repository or folder.

    Attributes:
        root: its folder.
        modules: its files in which rules may find something, in the order of their paths.
        is_distribution: whether the folder has a `pyproject.toml`.
    """

    root: Path
    modules: tuple[Module, ...]
    is_distribution: bool = False

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The flows with steps, except those of tests."""
        return tuple(
            flow
            for module in self.modules
            if not self.is_test(module)
            for flow in module.flows
            if not flow.is_base
        )

    @cached_property
    def stated(self) -> dict[Flow, StatedProject]:
        """The projects that flows state with `@project`, their own or inherited, by their flows. A
        flow whose project has a name that cannot be read is missing."""
        found = ((flow, stated_project(flow)) for flow in self.flows)
        return {flow: stated for flow, stated in found if stated is not None}

    @property
    def knows_its_names(self) -> bool:
        """Whether the name of every flow's project can be read."""
        return all(flow in self.stated for flow in self.flows if flow.is_in_project)

    @cached_property
    def usual_name(self) -> str | None:
        """The name that most of the flows give in `@project`: more than half of them below a
        `pyproject.toml`, else three in four, since a folder may hold several projects."""
        counts = Counter(stated.name for stated in self.stated.values())
        for name, count in counts.most_common(1):
            share = count / counts.total()
            if count > 1 and (share > 1 / 2 if self.is_distribution else share >= 3 / 4):
                return name
        return None

    def name_of(self, flow: Flow) -> str | None:
        """The name that a flow gives in `@project`; `None` if it cannot be read."""
        stated = self.stated.get(flow)
        return stated.name if stated else None

    def path(self, module: Module) -> str:
        """A file's path from the project's folder, with slashes."""
        path = module.resolver.path
        if path is None:
            return "-"
        inside = path.is_relative_to(self.root)
        return (path.relative_to(self.root) if inside else path).as_posix()

    def is_test(self, module: Module) -> bool:
        """Whether a file contains tests. Their flows are test data."""
        folders = self.path(module).split("/")[:-1]
        return module.is_test or not _TESTS.isdisjoint(folders)


def stated_project(flow: Flow) -> StatedProject | None:
    """The project that a flow states with `@project`; `None` if it states none, or if its name
    cannot be read."""
    for owner in flow.lineage:
        decorator = owner.own_decorator("project")
        if decorator is not None:
            value = decorator.argument("name", 0)
            name = owner.module.text(value, flow)
            return StatedProject(flow, owner, value, name) if value and name else None
    return None


def by_name(flows: Iterable[Flow]) -> Iterator[tuple[str, list[Flow]]]:
    """The flows by their names, in order."""
    found: dict[str, list[Flow]] = {}
    for flow in flows:
        found.setdefault(flow.name, []).append(flow)
    yield from found.items()
