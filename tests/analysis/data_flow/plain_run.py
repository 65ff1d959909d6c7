"""Runs a flow as Metaflow does, in this process and without its machinery.

A task is an instance with what its parent hands on, pickled on the way. Joins, `merge_artifacts`,
`self.input` and switches do what Metaflow's `flowspec.py` does.
"""

from __future__ import annotations

import pickle
import sys
import types
from collections.abc import Iterator


class Failed(Exception):
    """The run failed; the argument is the step."""


class MergeError(Exception):
    """Inputs with different values, or a name that none has."""


class Inputs:
    """What a join gets."""

    def __init__(self, tasks):
        self.tasks = tasks
        for task in tasks:
            setattr(self, task._step, task)

    def __iter__(self) -> Iterator[FlowSpec]:
        return iter(self.tasks)

    def __getitem__(self, index):
        return self.tasks[index]


class FlowSpec:
    """A task of a flow."""

    def __init__(self):
        pass

    @classmethod
    def task(cls, step, artifacts, stack):
        made = object.__new__(cls)
        made.__dict__.update(pickle.loads(pickle.dumps(artifacts)))
        object.__setattr__(made, "_step", step)
        object.__setattr__(made, "_stack", stack)
        return made

    @property
    def artifacts(self):
        return {k: v for k, v in self.__dict__.items() if not k.startswith("_")}

    @property
    def index(self):
        return self._stack[-1][1] if self._stack else None

    @property
    def input(self):
        if not self._stack:
            return None
        if "_input" not in self.__dict__:
            name, index = self._stack[-1]
            over = getattr(self, name, None)
            self.__dict__["_input"] = None if over is None else over[index]
        return self.__dict__["_input"]

    def next(self, *targets, foreach=None, condition=None):
        if foreach is not None:
            getattr(self, foreach)
        if condition is not None:
            targets = (targets[0][getattr(self, condition)],)
        self._next = [target.__name__ for target in targets], foreach

    def merge_artifacts(self, inputs, exclude=(), include=()):
        if exclude and include:
            raise MergeError("both")
        taken = {}
        for one in inputs:
            for name, value in one.artifacts.items():
                if (include and name not in include) or name in exclude or hasattr(self, name):
                    continue
                saved = pickle.dumps(value)
                if taken.setdefault(name, saved) != saved:
                    raise MergeError(name)
        missing = [n for n in include if n not in taken and not hasattr(self, n)]
        if missing:
            raise MergeError(missing)
        for name, saved in taken.items():
            setattr(self, name, pickle.loads(saved))


def step(function):
    """Mark a step; joins take a second argument."""
    function.is_step = True
    return function


def run(text: str, executed: set[str]) -> FlowSpec:
    """Run the flow of a file to its end.

    Args:
        text: the file.
        executed: gets the names of the steps that ran.

    Raises:
        Failed: a step failed.
    """
    module = types.ModuleType("metaflow")
    module.FlowSpec, module.step = FlowSpec, step
    names = {"__name__": "flow"}
    kept = sys.modules.get("metaflow")
    sys.modules["metaflow"] = module
    try:
        exec(compile(text, "flow.py", "exec"), names)
    finally:
        if kept is None:
            del sys.modules["metaflow"]
        else:
            sys.modules["metaflow"] = kept
    (flow,) = (v for v in names.values() if isinstance(v, type) and v.__mro__[1:2] == (FlowSpec,))
    flow.executed = executed
    return _follow(flow, "start", {}, ())


def _follow(flow, name, artifacts, stack) -> FlowSpec:
    """Run steps from one on, up to the end or to the step before a join of an outer split."""
    while True:
        task = _run(flow, name, artifacts, stack)
        if name == "end":
            return task
        (targets, foreach) = task._next
        tasks = None
        if foreach is not None:
            over = getattr(task, foreach)
            if not list(over):
                raise Failed(name)
            tasks = [
                _follow(flow, targets[0], task.artifacts, (*stack, (foreach, index)))
                for index in range(len(over))
            ]
        elif len(targets) > 1:
            tasks = [_follow(flow, target, task.artifacts, stack) for target in targets]
        if tasks is not None:
            join = tasks[0]._next[0][0]
            task = _run(flow, join, {}, stack, Inputs(tasks))
            targets = task._next[0]
        (following,) = targets
        if _is_join(flow, following):
            return task
        name, artifacts = following, task.artifacts


def _is_join(flow, name):
    return getattr(flow, name).__code__.co_argcount > 1


def _run(flow, name, artifacts, stack, *inputs) -> FlowSpec:
    task = flow.task(name, artifacts, stack)
    flow.executed.add(name)
    try:
        getattr(task, name)(*inputs)
    except Exception as error:
        raise Failed(name) from error
    return task
