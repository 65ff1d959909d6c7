"""Follows calls: of the flow's methods, of functions that get the flow, and of Python's own."""

from __future__ import annotations

from lint_rules.analysis.data_flow.code import is_call_of
from lint_rules.analysis.data_flow.flow_uses import called_function
from lint_rules.analysis.data_flow.in_place_changes import HARMLESS, InPlaceChanges
from lint_rules.analysis.data_flow.local_classes import instance_of, made_by
from lint_rules.analysis.data_flow.python_calls import (
    call_of,
    changed,
    changes,
    given_by_change,
    is_fresh,
    is_pure,
    keeps_items,
    method_of,
    reads_only,
)
from lint_rules.analysis.data_flow.state import Loss, Point
from lint_rules.analysis.data_flow.values import (
    NONE,
    PART,
    UNKNOWN,
    Kind,
    Literal,
    Special,
    Value,
    one,
    some,
)
from lint_rules.model.code import (
    Attribute,
    Call,
    Class,
    Expression,
    Function,
    Lambda,
    Name,
)
from lint_rules.model.module import Module

_CHOOSING = frozenset({"builtins.max", "builtins.min", "builtins.next"})
_LISTING = frozenset(
    f"builtins.{name}" for name in "filter iter list reversed sorted tuple".split()
)
_RUNNING = frozenset({"builtins.exec", "builtins.eval", "builtins.vars", "builtins.locals"})
_KEEPING = frozenset({"staticmethod", "classmethod", "property", "cached_property", "lru_cache"})


class Calls(InPlaceChanges):
    """Follows calls, and all expressions."""

    def run(
        self,
        function: Function | Lambda,
        module: Module,
        owner: Class | None,
        arguments: dict[str, Value],
        point: Point,
        call: Expression,
    ) -> Value:
        """Follows the code of a function that is called."""
        raise NotImplementedError

    def merge(self, call: Call | None, at: Expression, point: Point) -> None:
        """Follows a call of `merge_artifacts`; with unknown arguments where there is no call."""
        raise NotImplementedError

    def leave(self, call: Call, point: Point) -> None:
        """Follows a call of `self.next`."""
        raise NotImplementedError

    def call(self, call: Call, point: Point) -> Value:
        """Follows a call; returns what it gives."""
        function = call.function
        if isinstance(function, Name) and "." in function.name:
            name = function.name.rpartition(".")[2]
            return self._method(call, function.without_last(), name, point)
        if isinstance(function, Attribute):
            if is_call_of("builtins.super", function.value):
                return self._super(call, function.name, point)
            return self._method(call, function.value, function.name, point)
        value = UNKNOWN
        if isinstance(function, Name):
            value = self._head(function, function.name, point) or UNKNOWN
        else:
            value = self.evaluate(function, point)
        method = value.special("method")
        if method is not None:
            return self._own_method(call, method.mode, point)
        made = value.special("class")
        what = instance_of(made) if made is not None else None
        if what is not None:
            self._arguments(call, point)
            return some(Kind.UNPICKLABLE, what)
        inner = value.special("function")
        if inner is not None and isinstance(inner.thing, Function | Lambda):
            frame = self.task.frame
            values = self._bound(inner.thing, call, point, {})
            return self.run(inner.thing, frame.module, frame.owner, values, point, call)
        return self._plain(call, function.qualified, point)

    # Methods

    def _method(self, call: Call, owner: Expression, name: str, point: Point) -> Value:
        if isinstance(owner, Name) and owner.qualified is not None:
            return self._plain(call, call.function.qualified, point)
        if isinstance(owner, Name):
            # A read is known by what stands in the code: `self.papers.append`.
            value = self.path(owner.name, call.function, owner, point)
        else:
            value = self.evaluate(owner, point)
        if value.special("self"):
            return self._own_method(call, name, point)
        arguments = self._arguments(call, point)
        whole = not call.has_unpacking and len(arguments) == len(call.arguments)
        self.escape_of(call, point, arguments, is_pure=changes(name))
        if value.special("inputs") or value.special("input"):
            return UNKNOWN
        if changes(name) and not reads_only(value, name):
            new = changed(value, name, arguments, whole)
            self.change(owner, value, new, keeps_items(name), call, point)
            return given_by_change(value, name).depending_on(value, *arguments)
        if not reads_only(value, name):
            self.forget_items(value, point)
        return method_of(value, name, arguments, whole)

    def _own_method(self, call: Call, name: str, point: Point) -> Value:
        """A call of a method of the flow's: `self.name(…)`."""
        if name == "next":
            self.leave(call, point)
            return NONE
        if name == "merge_artifacts":
            self._arguments(call, point)
            self.merge(call, call, point)
            return NONE
        if name == "foreach_stack":
            self._note_input(name, call, point)
            return UNKNOWN
        if name in ("__setattr__", "__delattr__"):
            point.state.forget()
        found = self.task.code.method(name)
        if found is None:
            # An artifact that can be called, or something of Metaflow's.
            value = self.read(name, call.function, point)
            arguments = self._arguments(call, point)
            self.escape_of(call, point, arguments)
            return UNKNOWN.depending_on(value, *arguments)
        return self._run_method(call, found, point)

    def _super(self, call: Call, name: str, point: Point) -> Value:
        if name == "merge_artifacts":
            self._arguments(call, point)
            self.merge(None, call, point)
            return NONE
        owner = self.task.frame.owner
        found = self.task.code.method_after(name, owner) if owner is not None else None
        if found is None:
            arguments = self._arguments(call, point)
            if name in ("__setattr__", "__setstate__"):
                point.state.forget()
            self.escape_of(call, point, arguments)
            return UNKNOWN
        return self._run_method(call, found, point)

    def _run_method(self, call: Call, found: tuple[Function, Module, Class], point: Point) -> Value:
        function, module, owner = found
        names = {decorator.name for decorator in function.decorators}
        first = {} if "staticmethod" in names else {function.self_name: one(Special("self"))}
        values = self._bound(function, call, point, first)
        if names - _KEEPING:
            point.state.forget()
            return UNKNOWN
        return self.run(function, module, owner, values, point, call)

    # Functions

    def _plain(self, call: Call, qualified: str | None, point: Point) -> Value:
        """A call of a function by its name."""
        special = self._of_flow(call, qualified, point)
        if special is not None:
            return special
        # What another file's function does matters, and the file is read, only if it gets the flow.
        target = None
        if qualified is None or self._gets_flow(call, point):
            target = called_function(call, self.task.frame.module)
        if target is not None:
            function, module = target
            values = self._bound(function, call, point, {})
            return self.run(function, module, None, values, point, call)
        arguments = self._arguments(call, point)
        pure = qualified is not None and is_pure(qualified)
        self.escape_of(call, point, arguments, pure or qualified in HARMLESS)
        if qualified is None:
            return UNKNOWN.depending_on(*arguments)
        if qualified in _RUNNING:
            point.state.forget()
        holder = next((a.special("inputs") for a in arguments if a.special("inputs")), None)
        if holder is not None:
            if qualified in _CHOOSING:
                return one(Special("input", PART))
            if qualified in _LISTING:
                is_part = qualified.endswith("filter")
                return one(Special("inputs", PART if is_part else holder.mode))
            return UNKNOWN
        if qualified == "collections.defaultdict":
            made = arguments[0].special("function") if arguments else None
            if made is not None and isinstance(made.thing, Lambda):
                return some(Kind.UNPICKLABLE, "a `defaultdict` with a lambda")
        if qualified == "functools.partial" and arguments:
            made = arguments[0].special("function")
            if made is not None and isinstance(made.thing, Lambda):
                return some(Kind.UNPICKLABLE, "a `partial` of a lambda")
        if qualified in ("builtins.map", "builtins.filter") and arguments:
            made = arguments[0].special("function")
            if made is not None and isinstance(made.thing, Lambda):
                return some(Kind.UNPICKLABLE, f"a lazy `{qualified[9:]}` over a lambda")
        frame = self.task.frame
        local = made_by(call, frame.module) if frame.function is not None else None
        if local is not None:
            return one(local)
        whole = not call.has_unpacking and len(arguments) == len(call.arguments)
        site = self.site_text(call, point) if is_fresh(qualified) else ""
        return call_of(qualified, arguments, whole, site)

    def _of_flow(self, call: Call, qualified: str | None, point: Point) -> Value | None:
        """`getattr`, `hasattr`, `setattr` and `delattr` of the flow; `None` for another call."""
        owner, _, name = (qualified or "").rpartition(".")
        if owner != "builtins" or name not in ("getattr", "hasattr", "setattr", "delattr"):
            return None
        arguments = self._arguments(call, point)
        if not arguments or not arguments[0].special("self"):
            return None if name in ("setattr", "delattr") else UNKNOWN
        attribute = arguments[1].single if len(arguments) > 1 else None
        text = attribute.value if isinstance(attribute, Literal) else None
        if name in ("setattr", "delattr"):
            if not isinstance(text, str):
                point.state.forget()
            elif name == "setattr":
                value = arguments[2] if len(arguments) > 2 else UNKNOWN
                point.state.set(text, value, self.site(call))
            else:
                point.state.delete(text, Loss("del", self.task.step, call.location))
            return NONE
        if name == "hasattr":
            return some(Kind.BOOL)
        if not isinstance(text, str):
            # It may be a method that is called then.
            point.state.forget()
            return UNKNOWN
        if text in self.task.code.methods:
            return self.run_property(text, call, point) or UNKNOWN
        if len(call.arguments) == 2 and not call.has_unpacking:
            return self.read(text, call, point)
        return point.state.get(text).value if point.state.get(text).is_set else UNKNOWN

    def _gets_flow(self, call: Call, point: Point) -> bool:
        """Whether a call is given the flow or a join's inputs."""
        for argument in call.arguments:
            if isinstance(argument.value, Name) and "." not in argument.value.name:
                value = point.names.get(argument.value.name)
                if value is not None and any(isinstance(a, Special) for a in value.atoms):
                    return True
        return False

    def _arguments(self, call: Call, point: Point) -> list[Value]:
        """Follows the arguments of a call, in order; returns those given by position."""
        found: list[Value] = []
        holder = None
        for argument in call.arguments:
            if isinstance(argument.value, Lambda) and holder is not None:
                # `max(inputs, key=lambda one: one.score)`
                each = one(Special("input", holder.mode))
                self._look_into(argument.value, each, point)
                value = one(Special("function", thing=argument.value))
            else:
                value = self.evaluate(argument.value, point)
            if not isinstance(argument.value, Name):
                self.keep(value, point)
            holder = holder or value.special("inputs")
            if argument.name is None and not argument.star:
                found.append(value)
        return found

    def _look_into(self, function: Lambda, first: Value, point: Point) -> None:
        """Follows a lambda that is called for each input of a join."""
        inner = point.copy()
        for parameter in function.parameters:
            inner.names[parameter.name] = first
        frame = self.task.frame
        frame.conditions += 1
        self.evaluate(function.body, inner)
        frame.conditions -= 1

    def _bound(
        self, function: Function | Lambda, call: Call, point: Point, first: dict[str, Value]
    ) -> dict[str, Value]:
        """What the parameters of a function hold when it is called."""
        values = {parameter.name: UNKNOWN for parameter in function.parameters} | first
        positions = [p.name for p in function.parameters if p.kind.startswith("positional")]
        positions = positions[len(first) :]
        names = {p.name for p in function.parameters if "variadic" not in p.kind}
        for number, argument in enumerate(call.arguments):
            value = self.evaluate(argument.value, point)
            is_taken = False
            if argument.name is not None and argument.name in names:
                values[argument.name], is_taken = value, True
            elif argument.name is None and not argument.star and number < len(positions):
                is_taken = not any(a.star for a in call.arguments[:number])
                values[positions[number]] = value if is_taken else UNKNOWN
            if not is_taken and value.special("self"):
                point.state.escape()
        return values
