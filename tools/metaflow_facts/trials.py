"""Gives decorators and parameters to Metaflow in this process, and notes what it raises.

Metaflow's own functions do the work: the decorators of the module `metaflow`, and what its command
line calls before it checks a flow. The flow, its graph and the environments are Metaflow's, too.
Only the datastore is a stand-in, which says that it is S3: some decorators want one that is not
local.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import signature
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import metaflow
from metaflow import FlowSpec, current, decorators, flowspec, lint
from metaflow.exception import MetaflowException
from metaflow.graph import FlowGraph
from metaflow.metaflow_environment import MetaflowEnvironment
from metaflow.plugins import FLOW_DECORATORS, STEP_DECORATORS
from metaflow.plugins.pypi.conda_environment import CondaEnvironment

STEP = "tried_step"
"""The step that decorators are tried on. Messages that name it are stored with `{step}` instead."""

_SOURCE = f"""
from metaflow import FlowSpec, step

class Tried(FlowSpec):
    @step
    def start(self):
        self.next(self.{STEP})

    @step
    def {STEP}(self):
        self.next(self.end)

    @step
    def end(self):
        pass
"""

Given = Mapping[str, Any]
"""The attributes that a decorator is given, by name."""


class Refusal(NamedTuple):
    """What Metaflow raises, and when.

    Attributes:
        stage: as `lint_rules.metaflow.values.Refusal` has it.
        message: the text of Metaflow's exception; with its type's name, if it is one of Python's.
    """

    stage: str
    message: str


def message_of(error: BaseException) -> str:
    """Return an exception's text, without what belongs to this machine or to the trial."""
    if isinstance(error, MetaflowException):
        text = str(error.message if hasattr(error, "message") else error)
    else:
        text = f"{type(error).__name__}: {error}"
    text = text.partition("\n\nTraceback")[0]
    return text.replace(f"*{STEP}*", "*{step}*").replace(f"'{STEP}'", "'{step}'").strip()


def fresh(given: Given) -> dict[str, Any]:
    """Copy lists, sets and dictionaries, which decorators may change in place."""
    return {k: v.copy() if isinstance(v, (list, dict, set)) else v for k, v in given.items()}


def load(source: str, name: str = "Tried") -> type[FlowSpec]:
    """Import a flow from source. It stands in a file, since Metaflow reads the file of a flow."""
    folder = Path(tempfile.mkdtemp(dir=os.environ["HOME"]))
    path = folder / f"{name.lower()}.py"
    path.write_text(source)
    spec = importlib.util.spec_from_file_location(f"{folder.name}_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # `inspect` finds a class's file through its module
    spec.loader.exec_module(module)
    return getattr(module, name)


def ignore(*_: object, **__: object) -> None:
    """Stand in for Metaflow's output."""


_OPTIONS = {
    name.replace("-", "_"): option["default"]
    for cls in FLOW_DECORATORS
    for name, option in cls.options.items()
}
"""What the command line gives flow decorators if nothing is typed."""

_graphs: dict[str, FlowGraph] = {}


def _graph_of(flow: type[FlowSpec]) -> FlowGraph:
    """Return the graph of a flow's module. Metaflow reads it again for each class and command."""
    if flow.__module__ not in _graphs:
        _graphs[flow.__module__] = FlowGraph(flow)
    return _graphs[flow.__module__]


flowspec.FlowGraph = _graph_of


class Trials:
    """A flow, by default one of three steps, on which and on whose step decorators are tried."""

    def __init__(self, source: str = _SOURCE) -> None:
        self._flow = load(source)
        self._step = getattr(self._flow, STEP)
        self._store = SimpleNamespace(
            TYPE="s3",
            datastore_root="s3://bucket",
            get_datastore_root_from_config=lambda *_, **__: "s3://bucket",
        )
        self._metadata = SimpleNamespace(add_sticky_tags=ignore, TYPE="local")

    def step(self, *given: tuple[str, Given], hooks: bool = True) -> Refusal | None:
        """Put decorators, from the lowest to the highest, on a step. `None` means accepted."""
        with _restored(), self._bare_steps():
            try:
                for name, attributes in given:
                    getattr(metaflow, name)(**attributes)(self._step)
            except Exception as error:
                return Refusal("load", message_of(error))
            return self._initialise(self._flow, [name for name, _ in given], hooks)

    def both(
        self, on_step: Sequence[tuple[str, Given]], on_flow: Sequence[tuple[str, Given]]
    ) -> Refusal | None:
        """Put decorators on a step, and others on its flow."""
        with _restored(), self._bare_steps():
            try:
                for name, attributes in on_step:
                    getattr(metaflow, name)(**fresh(attributes))(self._step)
                flow = self._new_flow() if on_flow else self._flow
                for name, attributes in on_flow:
                    flow = getattr(metaflow, name)(**fresh(attributes))(flow)
            except Exception as error:
                return Refusal("load", message_of(error))
            return self._initialise(flow, [name for name, _ in (*on_step, *on_flow)], False)

    def passes_check(self) -> bool:
        """Tell whether Metaflow's `check` takes the flow as it is."""
        return _attempt("check", lambda: lint.linter.run_checks(_graph_of(self._flow))) is None

    def backends(self) -> list[str]:
        """Return the decorators that run a step elsewhere: they replace the command of its task."""
        found = []
        for name in (cls.name for cls in STEP_DECORATORS if not cls.name.endswith("_internal")):
            with _restored(), self._bare_steps():
                getattr(metaflow, name)(self._step)
                if self._initialise(self._flow, [name], False) is None:
                    command = _run_hooks(self._step.decorators)
                    found += [name] if command.commands != ["step"] else []
        # Metaflow lists its decorators in an order that differs from process to process.
        return sorted(found)

    def step_positional(self, name: str, value: object) -> Refusal | None:
        """Call a step's decorator with a positional argument."""
        with _restored(), self._bare_steps():
            return _attempt("load", lambda: getattr(metaflow, name)(value)(self._step))

    def flow(self, *given: tuple[str, Given]) -> Refusal | None:
        """Put decorators, from the lowest to the highest, on a flow. `None` means accepted."""
        with _restored(), self._bare_steps():
            flow = self._new_flow()
            try:
                for name, attributes in given:
                    flow = getattr(metaflow, name)(**attributes)(flow)
            except Exception as error:
                return Refusal("load", message_of(error))
            return self._initialise(flow, [name for name, _ in given], False)

    def flow_positional(self, name: str, value: object) -> Refusal | None:
        """Call a flow's decorator with a positional argument."""
        with _restored(), self._bare_steps():
            return _attempt("load", lambda: getattr(metaflow, name)(value)(self._new_flow()))

    def adds_to_current(self, kind: str, name: str, attributes: Given) -> list[str]:
        """Return what a decorator adds to `current` before a task runs."""
        before = set(vars(type(current)))
        with _restored(), self._bare_steps():
            if kind == "step":
                getattr(metaflow, name)(**attributes)(self._step)
                self._initialise(self._flow, [name], False)
            else:
                flow = getattr(metaflow, name)(**attributes)(self._new_flow())
                self._initialise(flow, [name], False)
            return sorted(set(vars(type(current))) - before)

    def step_on_flow(self, name: str, attributes: Given) -> Refusal | None:
        """Put a step's decorator on a flow."""
        with _restored(), self._bare_steps():
            return _attempt("load", lambda: getattr(metaflow, name)(**attributes)(self._new_flow()))

    def flow_on_step(self, name: str, attributes: Given) -> Refusal | None:
        """Put a flow's decorator on a step."""
        with _restored(), self._bare_steps():
            return _attempt("load", lambda: getattr(metaflow, name)(**attributes)(self._step))

    def _new_flow(self) -> type[FlowSpec]:
        own: dict[str, Any] = {"__module__": self._flow.__module__}
        # Older versions collect decorators for all flows of a process: each trial begins without
        # any.
        if isinstance(vars(FlowSpec).get("_flow_decorators"), dict):
            own["_flow_decorators"] = {}
        getattr(decorators.FlowDecorator, "_flow_decorators", []).clear()
        return type(self._flow)("Tried", (self._flow,), own)

    def _initialise(self, cls: type[FlowSpec], names: Sequence[str], hooks: bool) -> Refusal | None:
        """Do what Metaflow's command line does with decorators when it starts."""
        flow = cls(use_cli=False)
        conda = any(name.removesuffix("_base") in ("conda", "pypi") for name in names)
        environment = (CondaEnvironment if conda else MetaflowEnvironment)(flow)
        if conda:
            environment.set_local_root(os.environ["HOME"])
            environment.datastore_type, environment.datastore = "s3", self._store
            environment.logger = environment.echo = ignore
        arguments = flow, flow._graph, environment, self._store

        # Some versions have a function of its own that completes decorators, others do it in
        # passing.
        complete = getattr(decorators, "_init", ignore)
        late = (
            {"only_non_static": True} if "only_non_static" in signature(complete).parameters else {}
        )

        def start() -> None:
            complete(flow)
            decorators._init_flow_decorators(*arguments, self._metadata, ignore, ignore, _OPTIONS)
            decorators._attach_decorators(flow, environment.decospecs() or [])
            complete(flow, **late)
            decorators._init_step_decorators(*arguments, ignore)

        refusal = _attempt("check", start)
        if refusal is None and conda:
            step = self._step
            refusal = _attempt("environment", lambda: environment.get_environment(step))
        if refusal is None and hooks:
            refusal = _attempt("run", lambda: _run_hooks(self._step.decorators))
        return refusal

    @contextmanager
    def _bare_steps(self) -> Iterator[None]:
        """Have the steps as the source has them, before and after."""
        steps = [getattr(self._flow, node.name) for node in _graph_of(self._flow)]
        own = [list(step.decorators) for step in steps]
        try:
            yield
        finally:
            for step, decorators_ in zip(steps, own, strict=True):
                step.decorators = decorators_


def _attempt(stage: str, action: Callable[[], object]) -> Refusal | None:
    try:
        action()
    except Exception as error:
        return Refusal(stage, message_of(error))
    return None


def _run_hooks(given: Sequence[Any]) -> SimpleNamespace:
    """Call what the scheduler of a run calls before it starts a task; return the task's command."""
    for decorator in given:
        decorator.step_task_retry_count()
    command = SimpleNamespace(
        entrypoint=["python"],
        top_level_options={},
        commands=["step"],
        command_args=[],
        command_options={},
        env={},
    )
    for decorator in given:
        if decorator.name not in ("conda", "pypi"):  # these would make the environment first
            decorator.runtime_step_cli(command, 0, 0, None)
    return command


@contextmanager
def _restored() -> Iterator[None]:
    """Take off `current` what decorators put there."""
    before = set(vars(type(current)))
    try:
        yield
    finally:
        for name in set(vars(type(current))) - before:
            delattr(type(current), name)
