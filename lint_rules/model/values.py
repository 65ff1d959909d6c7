"""What a value is, as far as the code shows: a plain type, a library's object, a function …

Where the code does not show it, the answer is `None`; nothing here guesses from names of variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from weakref import WeakKeyDictionary

from lint_rules.model import libraries
from lint_rules.model.code import (
    Assignment,
    Block,
    Call,
    Class,
    Collection,
    Compound,
    Comprehension,
    Conditional,
    Definition,
    Expression,
    Function,
    Lambda,
    Literal,
    LocalBinding,
    Mapping,
    Member,
    Operation,
    Reference,
    Simple,
    Starred,
    Statement,
    Subscript,
    Template,
    Walrus,
)
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.step import Artifact

MOST_CALLS = 4
"""How deep functions are followed into the functions that they call."""


class Kind(Enum):
    """What sort of thing a value is."""

    PLAIN = auto()
    LIBRARY = auto()
    FUNCTION = auto()
    LOCAL_FUNCTION = auto()
    """A lambda, or a function that is defined inside another."""
    UNPICKLABLE = auto()
    """Something that lives in one process alone: a generator, an open file, a connection."""
    OWN_CLASS = auto()
    """An object of a class that the file itself defines."""


@dataclass(frozen=True)
class Value:
    """What is known of a value.

    Attributes:
        kind: what sort of thing it is; of a container that holds a library's objects, theirs.
        type: its type as Python writes it (`int`, `list[str]`), or a dotted name
            (`pandas.DataFrame`); of a function its name.
        container: what holds it (`list`), where the value is a container of such things.
        parts: the values of a tuple's or other display's places, where they are known one by one.
        holds: what each item of a container is, where it is a container itself.
        is_mixed: whether a container holds other things beside its library's objects.
    """

    kind: Kind
    type: str
    container: str = ""
    parts: tuple[Value | None, ...] = ()
    holds: Value | None = None
    is_mixed: bool = False

    @property
    def item(self) -> Value | None:
        """What a container holds, or a part of a library's object that is like the whole."""
        if self.kind is Kind.PLAIN:
            _, _, inner = self.type.removesuffix("]").partition("[")
            return plain(inner.split(", ")[-1]) if inner and "[" not in inner else None
        if self.is_mixed or not self.container:
            return None
        return self.holds or Value(self.kind, self.type)


def plain(type_: str) -> Value:
    """A value of one of Python's own types."""
    return Value(Kind.PLAIN, type_)


def library(type_: str, container: str = "") -> Value:
    """A library's object, or a container of such objects."""
    return Value(Kind.LIBRARY, type_, container)


NONE = plain("None")
FUNCTIONS = (Kind.FUNCTION, Kind.LOCAL_FUNCTION)

_CASTS = {f"builtins.{name}": plain(name) for name in "int float str bool bytes complex".split()}
_CALLS = {
    "builtins.len": plain("int"),
    "builtins.isinstance": plain("bool"),
    "builtins.hasattr": plain("bool"),
    "builtins.any": plain("bool"),
    "builtins.all": plain("bool"),
    "builtins.callable": plain("bool"),
    "builtins.repr": plain("str"),
    "builtins.input": plain("str"),
    "json.dumps": plain("str"),
    "os.getcwd": plain("str"),
    "os.path.join": plain("str"),
    "os.path.exists": plain("bool"),
    "time.time": plain("float"),
    "time.perf_counter": plain("float"),
}
_CONTAINERS = {f"builtins.{name}": name for name in ("list", "tuple", "set", "frozenset", "sorted")}
_SAME_ITEMS = frozenset(
    f"builtins.{name}" for name in ("list", "tuple", "sorted", "reversed", "iter")
)
_LEAVING = frozenset(
    "to_dict to_list tolist to_json to_csv to_html to_markdown to_string to_latex item".split()
)
"""Methods that lead from a library's object back to plain Python."""

PLAIN_OBJECT = plain("object")
"""Something of Python's own, whatever it is."""

_STRING_METHODS = {
    "join": "str",
    "format": "str",
    "lower": "str",
    "upper": "str",
    "strip": "str",
    "replace": "str",
    "title": "str",
    "split": "list[str]",
    "splitlines": "list[str]",
    "encode": "bytes",
    "startswith": "bool",
    "endswith": "bool",
}
_TRUTHS = frozenset(
    "Not Equal NotEqual LessThan LessThanEqual GreaterThan GreaterThanEqual Is IsNot In "
    "NotIn".split()
)
_ELEMENTWISE = frozenset(
    "Equal NotEqual LessThan LessThanEqual GreaterThan GreaterThanEqual Add Subtract Multiply "
    "Divide FloorDivide Modulo Power MatrixMultiply BitAnd BitOr BitInvert Minus".split()
)
_ARITHMETIC = frozenset({"Add", "Subtract", "Multiply", "Divide", "FloorDivide", "Modulo", "Power"})

_TYPING = {"List": "list", "Dict": "dict", "Set": "set", "Tuple": "tuple", "FrozenSet": "frozenset"}
_PLAIN_TYPES = frozenset(
    "int float str bool bytes complex list dict set tuple frozenset None".split()
)

Names = dict[str, "Value | None"]


@dataclass
class Reader:
    """Finds out what the expressions of one function are.

    Args:
        module: the file that the function stands in.
        function: the function, `None` for code at module level.
        flow: the flow, where the function is one of its steps or methods.
        library_types: further calls that make library objects, by their dotted names.
        given: what is known of the function's arguments.
    """

    module: Module
    function: Function | None
    flow: Flow | None = None
    library_types: frozenset[str] = frozenset()
    given: Names = field(default_factory=dict)
    depth: int = 0
    _open: set[object] = field(default_factory=set)
    _memory: dict[object, Value | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.given:
            self._memory = _MEMORY.setdefault(self.module, {})

    def value(self, expression: Expression | None, names: Names | None = None) -> Value | None:
        """What an expression is.

        Args:
            expression: the expression.
            names: what the variables of comprehensions and lambdas around it are.
        """
        names = names or {}
        match expression:
            case Literal():
                return _literal(expression)
            case Template():
                return plain("str")
            case Lambda():
                return Value(Kind.LOCAL_FUNCTION, "lambda")
            case Collection():
                return self._collection(expression, names)
            case Mapping():
                return self._mapping(expression, names)
            case Comprehension():
                return self._comprehension(expression, names)
            case Operation():
                return self._operation(expression, names)
            case Conditional():
                values = (self.value(expression.body, names), self.value(expression.orelse, names))
                return joined(values)
            case Walrus():
                return self.value(expression.value, names)
            case Starred():
                return None
            case Compound(kind="Await"):
                return self.value(expression.inside[0], names) if expression.inside else None
            case Reference():
                return self._reference(expression, names)
            case Member(of=Subscript(of=Reference() as inputs)) if (
                self._is_input(inputs) and "." not in inputs.name
            ):
                return self._artifact_path(expression.name)
            case Member():
                return self._attribute(self.value(expression.of, names), expression.name)
            case Subscript():
                return self._subscript(expression, names)
            case Call():
                return self._call(expression, names)
        return None

    def artifact(self, artifact: Artifact) -> Value | None:
        """What is assigned to an artifact, and put into it later; else what its annotation says."""
        return self._guarded(artifact)

    def _artifact(self, artifact: Artifact) -> Value | None:
        value = self._assigned(artifact.source, artifact.path, artifact.statement)
        if value is None:
            return self._annotated_artifact(artifact)
        if value.kind is Kind.PLAIN:
            function = artifact.function
            name = f"{function.self_name}.{artifact.name}"
            return self._with_additions(value, name, function)
        return value

    def _annotated_artifact(self, artifact: Artifact) -> Value | None:
        statement = artifact.statement
        if isinstance(statement, Assignment) and statement.annotation is not None:
            return self.annotated(statement.annotation)
        for base in self.flow.lineage if self.flow else ():
            for stated in base.definition.statements:
                if isinstance(stated, Assignment) and stated.annotation is not None:
                    target = stated.targets[0]
                    if isinstance(target, Reference) and target.name == artifact.name:
                        return self.annotated(stated.annotation)
        return None

    # Displays and operators

    def _collection(self, collection: Collection, names: Names) -> Value | None:
        parts = tuple(self.value(item, names) for item in collection.items)
        return _container(collection.kind, parts, parts)

    def _mapping(self, mapping: Mapping, names: Names) -> Value | None:
        values = tuple(self.value(value, names) for _, value in mapping.items)
        keys = tuple(self.value(key, names) if key else None for key, _ in mapping.items)
        held = _held("dict", values)
        if held:
            # The values of a record differ: an unknown one need not be like the others.
            return replace(held, is_mixed=held.is_mixed or None in values)
        key, value = joined(keys), joined(values)
        if key and value and NONE not in (key, value):
            return plain(f"dict[{key.type}, {value.type}]")
        return plain("dict")

    def _comprehension(self, comprehension: Comprehension, names: Names) -> Value | None:
        names = dict(names)
        clauses = iter(comprehension.clauses)
        for target in clauses:
            if isinstance(target, Collection) or (
                isinstance(target, Reference) and target.context == "store"
            ):
                names |= _unpacked(target, self._item(next(clauses, None), names))
        if comprehension.kind == "generator":
            return Value(Kind.UNPICKLABLE, "generator")
        values = tuple(self.value(element, names) for element in comprehension.elements)
        if comprehension.kind == "dict":
            key, value = values
            held = _held("dict", [value])
            if held or not (key and value):
                return held or plain("dict")
            return plain(f"dict[{key.type}, {value.type}]")
        return _container(comprehension.kind, values, ())

    def _operation(self, operation: Operation, names: Names) -> Value | None:
        values = [self.value(operand, names) for operand in operation.operands]
        if operation.operator in ("And", "Or"):
            return joined(values)
        if operation.operator in _ELEMENTWISE:
            for value in values:
                if value and value.kind is Kind.LIBRARY and not value.container:
                    return value if value.type in _ARITHMETIC_TYPES else None
        if operation.operator in _TRUTHS:
            # `==` and `<` of a library's objects may give anything.
            certain = operation.operator in ("Not", "Is", "IsNot", "In", "NotIn")
            return (
                plain("bool")
                if certain or all(v and v.kind is Kind.PLAIN for v in values)
                else None
            )
        if operation.operator in _ARITHMETIC and len(values) == 2:
            return _arithmetic(operation.operator, *values)
        return None

    # Names

    def _reference(self, reference: Reference, names: Names) -> Value | None:
        head, _, rest = reference.name.partition(".")
        if head in names:
            known = names[head]
            if known is _INPUT:
                return self._artifact_path(rest)
            return self._attributes(known, rest)
        self_name = self.function.self_name if self.function else ""
        if self.flow is not None and head == self_name and rest:
            if "." not in rest and self._is_method(rest):
                return Value(Kind.FUNCTION, rest)
            return self._artifact_path(rest, reference)
        if self._is_input(reference) and rest:
            # `inputs.train.model`
            return self._artifact_path(rest.partition(".")[2])
        local = self._local(reference)
        if local is _INPUT:
            return self._artifact_path(rest)
        if local is not _UNBOUND:
            return self._attributes(local, rest)  # type: ignore[arg-type]
        if reference.qualified is None:
            definition = next((d for d in self.module.definitions if d.name == head), None)
            if definition is not None:
                return _definition(definition) if not rest else None
            constant = self.module.constants.get(head)
            if constant is not None:
                reader = self._within(self.module, None, None)
                return self._attributes(self._guarded(constant, reader), rest)
            return _attribute_by_name(reference.name)
        return self._imported(reference)

    def _imported(self, reference: Reference) -> Value | None:
        """A module, or a function of the repository's own modules."""
        if reference.qualified in self._modules():
            return Value(Kind.UNPICKLABLE, "module")
        if reference.qualified and "." in reference.qualified and self._is_own(reference.qualified):
            found = self.module.surroundings.definition(reference.qualified)
            return _definition(found[1]) if found else None
        return None

    def _modules(self) -> set[str]:
        """The modules that `import a.b` statements name."""
        imports = [*self.module.inside.imports]
        return {
            name.name for statement in imports if not statement.is_from for name in statement.names
        }

    def _attributes(self, value: Value | None, names: str) -> Value | None:
        for name in names.split(".") if names else ():
            value = self._attribute(value, name)
        return value

    def _attribute(self, value: Value | None, name: str) -> Value | None:
        if value is not None and value.kind is Kind.LIBRARY and not value.container:
            type_ = libraries.attribute_gives(value.type, name)
            return library(type_) if type_ else _attribute_by_name(f".{name}")
        return None if value is not None else _attribute_by_name(f".{name}")

    def _artifact_path(self, names: str, reference: Reference | None = None) -> Value | None:
        name, _, rest = names.partition(".")
        if self.flow is None or not name:
            return None
        if name == "input":
            return self._attributes(self._foreach_input(self.flow), rest)
        return self._attributes(self._artifact_named(name, self.flow, reference), rest)

    def _artifact_named(self, name: str, flow: Flow, reference: Reference | None) -> Value | None:
        if reference is not None and self.function is not None:
            here = [a for a in flow.artifacts.get(name, ()) if a.function is self.function]
            before = [a for a in here if a.place < reference.place]
            if before and before[-1].source is not None:
                return self._guarded(before[-1])
            if before:
                return None
        found: dict[Function, Artifact] = {}
        for artifact in flow.artifacts.get(name, ()):
            found[artifact.function] = artifact
        values = [
            self._guarded(artifact, self._within(self.module, function, flow))
            for function, artifact in found.items()
            if function is not self.function
        ]
        return _visible(values) if values else None

    def _foreach_input(self, flow: Flow) -> Value | None:
        """What `self.input` is: an item of the artifact that a foreach goes over."""
        for step in flow.all_steps.values():
            for transition in step.transitions:
                over = transition.call.argument("foreach")
                here = self.function is not None and self.function.name in transition.target_names
                if here and isinstance(over, Literal) and over.text:
                    whole = self._artifact_named(over.text, flow, None)
                    return whole.item if whole else None
        return None

    def _local(self, reference: Reference) -> object:
        """What a local variable is at a reference; `_UNBOUND` where the name is not a local."""
        name = reference.head
        function = self.function
        if function is None or reference.scope.owner(name) is not function.scope:
            return _UNBOUND
        if name in function.scope.imports:
            return _UNBOUND
        bindings = function.locals.get(name, ())
        before = [b for b in bindings if b.place < reference.place] or list(bindings)
        values: list[Value | None] = []
        for binding in reversed(before):
            values.append(self._guarded(binding))
            if binding.statement in certain_statements(function):
                break
        if not before:
            if self.given.get(name) is not None:
                return self.given[name]
            parameter = next((p for p in function.parameters if p.name == name), None)
            return self.annotated(parameter.annotation) if parameter else None
        return self._with_additions(_visible(values), name, function)

    def _with_additions(self, value: Value | None, name: str, function: Function) -> Value | None:
        """A list or dict with what is put into it later."""
        if value is None or value.kind is not Kind.PLAIN:
            return value
        base = value.type.partition("[")[0]
        if base not in ("list", "dict", "set"):
            return value
        held = _held(base, [self._guarded(added) for added in additions(function, name)])
        if held is not None:
            return replace(held, is_mixed=held.is_mixed or base != value.type)
        return value if base == value.type else plain(base) if grows(function, name) else value

    def _is_input(self, reference: Reference) -> bool:
        if self.flow is None or self.function is None or len(self.function.parameters) < 2:
            return False
        name = self.function.parameters[1].name
        return reference.head == name and self.function in {s.function for s in self.flow.steps}

    def _item(self, source: Expression | None, names: Names) -> Value | None:
        """What looping over an expression gives."""
        if isinstance(source, Reference) and "." not in source.name and self._is_input(source):
            return _INPUT
        together = self._items_together(source, names)
        if together is not None:
            return together
        value = self.value(source, names)
        if value is None or value.kind is Kind.UNPICKLABLE or value.container == "dict":
            return None
        if value.type.startswith("dict["):
            return plain(value.type.removeprefix("dict[").partition(",")[0])
        return value.item

    def _items_together(self, source: Expression | None, names: Names) -> Value | None:
        """The tuples that `d.items()`, `enumerate(…)` and `zip(…)` give."""
        if not isinstance(source, Call):
            return None
        function, given = source.function, source.positional
        parts: tuple[Value | None, ...] = ()
        if function.qualified == "builtins.enumerate" and given:
            parts = plain("int"), self._item(given[0], names)
        elif function.qualified == "builtins.zip":
            parts = tuple(self._item(one, names) for one in given)
        elif function.qualified in _SAME_ITEMS and len(given) == 1:
            return self._items_together(given[0], names)
        elif not source.arguments:
            container = self._items_of(function, names)
            parts = (None, container.item) if container else ()
        return _container("tuple", parts, parts) if any(parts) else None

    def _items_of(self, function: Expression, names: Names) -> Value | None:
        """The dict of library objects whose `.items` this is."""
        of: Expression | None = None
        if isinstance(function, Member) and function.name == "items":
            of = function.of
        elif isinstance(function, Reference) and function.name.endswith(".items"):
            of = Reference(
                function.place, function.name.removesuffix(".items"), function.scope, "load"
            )
        value = self.value(of, names)
        return value if value is not None and value.container == "dict" else None

    # Subscripts and calls

    def _subscript(self, subscript: Subscript, names: Names) -> Value | None:
        of, index = subscript.of, subscript.index
        if isinstance(of, Reference):
            owner, _, accessor = of.name.rpartition(".")
            if accessor in ("loc", "iloc") and owner:
                return self._located(of, subscript, names)
        value = self.value(of, names)
        sliced = any(isinstance(i, Compound) and i.kind == "Slice" for i in index)
        if value is None:
            return None
        if value.container or value.kind is Kind.PLAIN:
            at = index[0].value if len(index) == 1 and isinstance(index[0], Literal) else None
            if isinstance(at, int) and at < len(value.parts):
                return value.parts[at]
            return value if sliced else value.item
        if value.type == libraries.BUNCH:
            key = index[0].text if isinstance(index[0], Literal) else None
            type_ = libraries.attribute_gives(value.type, key or "")
            return library(type_) if type_ else None
        if value.type == libraries.FRAME:
            text = index[0].text if isinstance(index[0], Literal) else None
            return library(libraries.SERIES if text is not None else self._columns(index, names))
        if value.type == libraries.COLUMNS:
            is_part = self._columns(index, names) == libraries.FRAME
            return value if is_part else None
        is_array = value.type in (libraries.ARRAY, libraries.TABLE)
        picked = self.value(index[0], names) if is_array else None
        if picked is not None and (picked.kind is Kind.LIBRARY or picked.type.startswith("list")):
            return value
        return value if sliced else None

    def _columns(self, index: tuple[Expression, ...], names: Names) -> str:
        """What `frame[…]` is: a frame for a list, a slice or a mask, else perhaps a column."""
        picked = self.value(index[0], names)
        listed = picked is not None and (picked.kind is Kind.LIBRARY or picked.type[:4] == "list")
        written = isinstance(index[0], Collection | Comprehension | Operation)
        is_slice = isinstance(index[0], Compound) and index[0].kind == "Slice"
        return libraries.FRAME if listed or written or is_slice else libraries.COLUMNS

    def _located(self, of: Reference, subscript: Subscript, names: Names) -> Value | None:
        """`frame.loc[…]`, which may be a row, a part or a single value."""
        owner = Reference(of.place, of.name.rpartition(".")[0], of.scope, "load")
        value = self.value(owner, names)
        frames = (libraries.FRAME, libraries.COLUMNS)
        if value is None or value.type not in frames or value.container:
            return None
        sliced = any(isinstance(i, Compound) and i.kind == "Slice" for i in subscript.index)
        if len(subscript.index) > 1:
            return value if sliced else None
        part = self._columns(subscript.index, names)
        if value.type == libraries.COLUMNS:
            return value if part == libraries.FRAME else None
        return library(part)

    def _call(self, call: Call, names: Names) -> Value | None:
        qualified = call.function.qualified
        if isinstance(call.function, Reference):
            method = self._method_of_reference(call.function, call, names)
            if method is not _UNBOUND:
                return method  # type: ignore[return-value]
        elif isinstance(call.function, Member):
            return self._method(
                self.value(call.function.of, names), call.function.name, call, names
            )
        else:
            return None
        if qualified is None:
            return self._own_call(call, names)
        if qualified in _CALLS:
            return _CALLS[qualified]
        if qualified in libraries.UNPICKLABLE:
            return Value(Kind.UNPICKLABLE, libraries.UNPICKLABLE[qualified])
        if qualified in _CASTS:
            return _CASTS[qualified]
        if qualified in _CONTAINERS or qualified in ("builtins.dict", "builtins.zip"):
            return self._container_call(qualified.partition(".")[2], call, names)
        if qualified in ("copy.copy", "copy.deepcopy", "builtins.max", "builtins.min"):
            values = [self.value(v, names) for v in call.positional]
            if qualified.startswith("copy"):
                return values[0] if len(values) == 1 else None
            return values[0].item if len(values) == 1 and values[0] else None
        if qualified == "sklearn.model_selection.train_test_split":
            return self._split(call, names)
        if qualified.startswith(
            ("sklearn.datasets.", "keras.datasets.", "tensorflow.keras.datasets.")
        ):
            return _dataset(qualified, call)
        return self._library_call(qualified, call, names)

    def _library_call(self, qualified: str, call: Call, names: Names) -> Value | None:
        if qualified == "pandas.read_html":
            return library(libraries.FRAME, "list")
        if qualified == "matplotlib.pyplot.subplots":
            parts = (library("matplotlib.Figure"), library("matplotlib.Axes"))
            return Value(Kind.LIBRARY, "matplotlib.Figure", "tuple", parts)
        if qualified in ("pandas.cut", "pandas.qcut") and call.named("retbins"):
            return None
        if qualified == "numpy.where" and len(call.positional) == 1:
            return library(libraries.ARRAY, "tuple")
        if qualified.startswith("numpy.random.") and (
            call.named("size") or len(call.positional) > 2
        ):
            return library(libraries.ARRAY)
        if qualified in ("numpy.random.rand", "numpy.random.randn") and call.positional:
            return library(libraries.ARRAY)
        if qualified in self.library_types:
            return library(qualified)
        if self._is_own(qualified):
            return self._own_function(qualified, call, names)
        made = libraries.made_by(qualified)
        if made and made.startswith("pandas.") and call.named("chunksize"):
            return None
        return library(made) if made else None

    def _method_of_reference(self, function: Reference, call: Call, names: Names) -> object:
        """What `a.b.method(…)` gives, `_UNBOUND` where `a` is no variable but a module."""
        owner, _, method = function.name.rpartition(".")
        if not owner:
            return _UNBOUND
        if function.qualified is not None and function.head not in names:
            return _UNBOUND
        if self.flow is not None and self.function and owner == self.function.self_name:
            found = self._method_of(self.flow, method, call, names)
            if found is not None or self._is_method(method):
                return found
        receiver = self.value(Reference(function.place, owner, function.scope, "load"), names)
        return self._method(receiver, method, call, names)

    def _method(
        self, receiver: Value | None, method: str, call: Call, names: Names
    ) -> Value | None:
        if method in _LEAVING:
            arrays = (libraries.ARRAY, libraries.TABLE)
            known = receiver is not None and receiver.type in (*libraries.TABULAR, *arrays)
            return plain("list") if known and method in ("to_list", "tolist") else PLAIN_OBJECT
        if receiver is not None and receiver.kind is Kind.LIBRARY and not receiver.container:
            given = libraries.method_gives(receiver.type, method)
            return library(given) if given else None
        if receiver is not None and receiver.kind is Kind.PLAIN:
            if receiver.type == "str" and method in _STRING_METHODS:
                return plain(_STRING_METHODS[method])
            if method == "copy":
                return receiver
            if method in ("keys", "values", "items") and receiver.type.startswith("dict"):
                return Value(Kind.UNPICKLABLE, f"`{method}` view of a dict")
        if receiver is not None and receiver.container:
            if method in ("get", "pop"):
                return receiver.item
            if method == "values":
                return replace(receiver, container="list", parts=())
            if method == "copy":
                return receiver
        if receiver is not None and receiver.type == "database connection" and method == "cursor":
            return Value(Kind.UNPICKLABLE, "database cursor")
        given = libraries.any_method_gives(method) if receiver is None else None
        return library(given) if given else None

    def _container_call(self, name: str, call: Call, names: Names) -> Value | None:
        if name == "dict":
            given = [self.value(a.value, names) for a in call.arguments if a.name]
            source = self.value(call.positional[0], names) if call.positional else None
            if source and source.container:
                given.append(source.item)
            return _held("dict", given) or plain("dict")
        if name == "zip":
            values = [self.value(v, names) for v in call.positional]
            return _held("tuple", [v.item for v in values if v and v.container])
        base = "list" if name == "sorted" else name
        if not call.positional:
            return plain(base)
        item = self._looped(call.positional[0], names)
        if item is not None and item.kind in (Kind.LIBRARY, Kind.OWN_CLASS):
            return _held(base, [item])
        if item is not None and item.kind is Kind.PLAIN and base != "tuple":
            return plain(f"{base}[{item.type}]")
        return plain(base)

    def _looped(self, source: Expression, names: Names) -> Value | None:
        """What the items of an argument are: of a container, a generator, `map(f, …)`."""
        if isinstance(source, Call) and source.function.qualified == "builtins.map":
            mapped = source.positional
            function = self.value(mapped[0], names) if mapped else None
            if function is None or function.kind not in FUNCTIONS or len(mapped) < 2:
                return None
            defined = self._defined(mapped[0])
            if defined is None:
                return None
            return self._returned_by(defined, {defined.self_name: self._item(mapped[1], names)})
        if isinstance(source, Comprehension):
            listed = Comprehension(source.place, "list", source.elements, source.clauses)
            value = self.value(listed, names)
            return value.item if value else None
        return self._item(source, names)

    def _split(self, call: Call, names: Names) -> Value | None:
        """`train_test_split(X, y)` gives two of each, arrays where it is given no lists."""
        parts: list[Value | None] = []
        for given in call.positional:
            value = self.value(given, names)
            plain_list = value is not None and (value.kind is Kind.PLAIN or value.container)
            parts += [value if plain_list else value or library(libraries.TABLE)] * 2
        if call.has_unpacking or not parts:
            return None
        return Value(Kind.LIBRARY, libraries.ARRAY, "list", tuple(parts))

    # The project's own functions

    def _own_call(self, call: Call, names: Names) -> Value | None:
        function = call.function
        if not isinstance(function, Reference) or "." in function.name:
            return None
        defined = next((d for d in self.module.definitions if d.name == function.name), None)
        if isinstance(defined, Class):
            return Value(Kind.OWN_CLASS, defined.name)
        inner = self._defined(function)
        if inner is None:
            return None
        returned = self._returned_by(inner, self._arguments(inner, call, names))
        return returned or _named(inner)

    def _arguments(self, function: Function, call: Call, names: Names, skipped: int = 0) -> Names:
        """What the parameters of a function are given by a call."""
        parameters = function.parameters[skipped:]
        given = {
            parameter.name: self.value(value, names)
            for parameter, value in zip(parameters, call.positional, strict=False)
        }
        for argument in call.arguments:
            if argument.name:
                given[argument.name] = self.value(argument.value, names)
        return given

    def _defined(self, expression: Expression) -> Function | None:
        """The function that a name means, one of the step's own or of the file's."""
        if not isinstance(expression, Reference) or "." in expression.name:
            return None
        inside = self.function.statements if self.function else ()
        for statement in (*inside, *self.module.definitions):
            if isinstance(statement, Function) and statement.name == expression.name:
                return None if statement.decorators else statement
        return None

    def _is_method(self, name: str) -> bool:
        """Whether `self.name` is a method, whose kind no decorator changes."""
        harmless = ("staticmethod", "classmethod", "step")
        return self.flow is not None and any(
            function.name == name and all(d.name in harmless for d in function.decorators)
            for flow in self.flow.lineage
            for function in flow.definition.functions
        )

    def _method_of(self, flow: Flow, name: str, call: Call, names: Names) -> Value | None:
        for base in flow.lineage:
            for method in base.methods:
                if method.name == name and not method.decorators:
                    returned = self._returned_by(method, self._arguments(method, call, names, 1))
                    return returned or _named(method)
        return None

    def _is_own(self, qualified: str) -> bool:
        return qualified.startswith(".") or self.module.surroundings.is_own(
            qualified.partition(".")[0]
        )

    def _own_function(self, qualified: str, call: Call, names: Names) -> Value | None:
        """What a function of the repository's own modules gives."""
        if self.depth >= MOST_CALLS:
            return None
        found = self.module.surroundings.definition(qualified)
        if found is None:
            frame = libraries.named_frame(qualified.rpartition(".")[2])
            return library(frame) if frame else None
        module, definition = found
        if not isinstance(definition, Function) or definition.decorators:
            return None
        given = self._arguments(definition, call, names)
        known: Names = {name: value for name, value in given.items() if value is not None}
        returned = self._guarded(definition, self._within(module, definition, None, 1, known))
        return returned or _named(definition)

    def _returned_by(self, function: Function, given: Names) -> Value | None:
        """What a function of this file gives for these arguments."""
        if self.depth >= MOST_CALLS or function in self._open or function.is_async:
            return None
        known: Names = {name: value for name, value in given.items() if value is not None}
        return self._guarded(function, self._within(self.module, function, self.flow, 1, known))

    def _returned(self, function: Function) -> Value | None:
        annotated = self.annotated(function.returns)
        if annotated is not None:
            return annotated
        if function.returns is not None or _yields(function):
            return None
        values = [
            self.value(statement.inside[0]) if statement.inside else NONE
            for statement in function.statements
            if isinstance(statement, Simple) and statement.keyword == "return"
        ]
        return _visible(values) if values else NONE

    # Annotations

    def annotated(self, annotation: Expression | None) -> Value | None:
        """What an annotation says."""
        match annotation:
            case Literal() if annotation.source == "None":
                return NONE
            case Literal() if annotation.text is not None:
                return self._annotated_text(annotation.text)
            case Reference():
                return self._type_named(annotation.name, annotation.qualified)
            case Operation(operator="BitOr"):
                return joined(self.annotated(operand) for operand in annotation.operands)
            case Subscript():
                return self._annotated_subscript(annotation)
        return None

    def _annotated_text(self, text: str) -> Value | None:
        text = text.strip()
        if not text.replace(".", "").replace("_", "").isalnum():
            return None
        scope = self.function.scope if self.function else self.module.scope
        return self._type_named(text, scope.resolve(text))

    def _type_named(self, name: str, qualified: str | None) -> Value | None:
        if qualified is None:
            return None
        owner, _, last = qualified.rpartition(".")
        if owner == "builtins" and last in _PLAIN_TYPES:
            return plain(last)
        if owner in ("typing", "collections.abc"):
            return plain(_TYPING[last]) if last in _TYPING else None
        if qualified in ("numpy.typing.ArrayLike", "numpy.typing.NDArray"):
            return library(libraries.ARRAY)
        if self._is_own(qualified) or not libraries.is_class_name(last):
            return library(qualified) if qualified == libraries.ARRAY else None
        made = libraries.made_by(qualified)
        return library(made) if made else None

    def _annotated_subscript(self, annotation: Subscript) -> Value | None:
        base = annotation.of.qualified or ""
        items = annotation.index
        if len(items) == 1 and isinstance(items[0], Collection):
            items = items[0].items
        if base == "typing.Optional":
            return self.annotated(items[0])
        if base == "typing.Union":
            return joined(self.annotated(item) for item in items)
        container = self.annotated(annotation.of)
        if container is None:
            return None
        if container.kind is not Kind.PLAIN:
            return container
        values = [self.annotated(item) for item in items]
        if container.type == "tuple":
            ellipsis = any(isinstance(i, Literal) and i.source == "..." for i in items)
            held = _held("tuple", values)
            parts = () if ellipsis else tuple(values)
            return Value(held.kind, held.type, "tuple", parts) if held else plain("tuple")
        held = _held(container.type, values[-1:])
        if held:
            return held
        if values and all(v is not None and v.kind is Kind.PLAIN for v in values):
            inside = ", ".join(v.type for v in values if v)
            return plain(f"{container.type}[{inside}]")
        return container

    # Helpers

    def _within(
        self,
        module: Module,
        function: Function | None,
        flow: Flow | None,
        deeper: int = 0,
        given: Names | None = None,
    ) -> Reader:
        """A reader of another function, which knows what this one is at."""
        depth, types = self.depth + deeper, self.library_types
        return Reader(module, function, flow, types, given or {}, depth, self._open)

    def _assigned(
        self, source: Expression | None, path: tuple[int, ...], statement: Statement
    ) -> Value | None:
        if source is None:
            return None
        looped = isinstance(statement, Block) and statement.kind == "for"
        value = self._item(source, {}) if looped else self.value(source)
        for index in path:
            if value is None:
                return None
            value = value.parts[index] if index < len(value.parts) else value.item
        return value

    def _guarded(self, thing: object, reader: Reader | None = None) -> Value | None:
        """What a thing is, found out once; one that leads back to itself is not known."""
        if thing in self._open:
            return None
        reader = reader or self
        memory = reader._memory
        key = thing, self.library_types
        if key not in memory:
            self._open.add(thing)
            memory[key] = reader._read(thing)
            self._open.discard(thing)
        return memory[key]

    def _read(self, thing: object) -> Value | None:
        match thing:
            case Artifact():
                return self._artifact(thing)
            case LocalBinding(statement=Definition() as definition):
                return _definition(definition, Kind.LOCAL_FUNCTION)
            case LocalBinding():
                return self._assigned(thing.source, thing.path, thing.statement)
            case Function():
                return self._returned(thing)
            case Expression():
                return self.value(thing)
        return None


_MEMORY: WeakKeyDictionary[Module, dict[object, Value | None]] = WeakKeyDictionary()
"""What has been found out of the things of each file."""

_UNBOUND = object()
_INPUT = Value(Kind.PLAIN, "<input of a join>")
_ARITHMETIC_TYPES = libraries.TABULAR | {libraries.ARRAY, libraries.TABLE, libraries.TENSOR}


def _attribute_by_name(name: str) -> Value | None:
    """What an attribute is whose name alone says it."""
    last = name.rpartition(".")[2]
    found = libraries.ANY_ATTRIBUTES.get(last) if "." in name else None
    return library(found, "list" if last == "best_trials" else "") if found else None


def certain_statements(function: Function) -> set[Statement]:
    """The statements of a function that always run: not below a branch or loop."""
    found: set[Statement] = set()

    def take(statements: Iterable[Statement]) -> None:
        for statement in statements:
            found.add(statement)
            if isinstance(statement, Block) and statement.kind in ("with", "try"):
                take(statement.bodies[0])

    take(function.body)
    return found


def additions(function: Function, name: str) -> Iterator[Expression]:
    """What a function puts into a list or dict of this name (a variable, or `self.x`)."""
    for call in function.inside.calls:
        if isinstance(call.function, Reference) and call.positional:
            owner, _, method = call.function.name.rpartition(".")
            if owner == name and method in ("append", "add", "insert", "setdefault"):
                yield call.positional[-1]
    for statement in function.statements:
        if isinstance(statement, Assignment) and statement.value is not None:
            for target in statement.targets:
                of = target.of if isinstance(target, Subscript) else None
                if isinstance(of, Reference) and of.name == name:
                    yield statement.value


def grows(function: Function, name: str) -> bool:
    """Whether a function puts anything into a list, set or dict of this name."""
    methods = {f"{name}.{method}" for method in ("append", "extend", "add", "insert", "update")}
    return any(
        isinstance(call.function, Reference) and call.function.name in methods
        for call in function.inside.calls
    ) or any(True for _ in additions(function, name))


def _unpacked(target: Expression, value: Value | None) -> Names:
    """What the variables of a target are that is given a value."""
    if isinstance(target, Reference):
        return {target.name: value}
    found: Names = {}
    if isinstance(target, Collection):
        parts = value.parts if value else ()
        for index, item in enumerate(target.items):
            found |= _unpacked(item, parts[index] if index < len(parts) else None)
    return found


def _literal(literal: Literal) -> Value | None:
    if literal.source == "...":
        return None
    return plain(type(literal.value).__name__.replace("NoneType", "None"))


def _container(
    kind: str, values: Iterable[Value | None], parts: tuple[Value | None, ...]
) -> Value | None:
    """A list, tuple or set of values."""
    values = tuple(values)
    held = _held(kind, values)
    if held:
        return replace(held, parts=parts)
    item = joined(values)
    known = item is not None and item.kind is Kind.PLAIN and item != NONE and kind != "tuple"
    return Value(Kind.PLAIN, f"{kind}[{item.type}]" if known and item else kind, "", parts)


def _held(kind: str, values: Iterable[Value | None]) -> Value | None:
    """A container that holds objects of a library, or of a class of the file, or functions."""
    found = [value for value in values if value is not None and value != NONE]
    first = next((value for value in found if value.kind is not Kind.PLAIN), None)
    if first is None:
        return None
    is_mixed = any(value.kind is not first.kind for value in found)
    holds = first if first.container else None
    return Value(first.kind, first.type, kind, (), holds, is_mixed)


def joined(values: Iterable[Value | None]) -> Value | None:
    """What one of several values is: what they all are, `None` apart."""
    found = list(dict.fromkeys(values))
    known = [value for value in found if value != NONE]
    if not known:
        return NONE if found else None
    if len(known) == 1 and NONE not in found:
        return known[0]
    if None in known:
        return None
    libraries_ = [value for value in known if value and value.kind is not Kind.PLAIN]
    return libraries_[0] if len(libraries_) == len(known) else None


def _visible(values: Iterable[Value | None]) -> Value | None:
    """As `joined`, but a library's object counts if it is one of the possible values."""
    found = list(values)
    agreed = joined(found)
    if agreed is not None or any(
        v is not None and v != NONE and v.kind is Kind.PLAIN for v in found
    ):
        return agreed
    return next((v for v in found if v is not None and v.kind is not Kind.PLAIN), None)


def _arithmetic(operator: str, left: Value | None, right: Value | None) -> Value | None:
    if left is None or right is None or Kind.PLAIN not in (left.kind, right.kind):
        return None
    types = {left.type, right.type}
    if types <= {"int", "float"}:
        if operator == "Power":
            return plain("float") if "float" in types else None
        return plain("float" if operator == "Divide" or "float" in types else "int")
    if operator == "Add" and len(types) == 1:
        return left
    if operator in ("Modulo", "Multiply") and left.type == "str":
        return left
    return None


def _definition(definition: Definition, kind: Kind = Kind.FUNCTION) -> Value | None:
    if isinstance(definition, Function) and not definition.decorators:
        return Value(kind, definition.name)
    return None


def _named(function: Function) -> Value | None:
    """What a function gives by its name, where neither its code nor an annotation tells more."""
    if function.returns is not None or function.is_async or _yields(function):
        return None
    frame = libraries.named_frame(function.name)
    return library(frame) if frame else None


def _yields(function: Function) -> bool:
    return any(
        isinstance(inner, Compound) and inner.kind == "Yield"
        for statement in function.statements
        for expression in statement.expressions
        for inner in expression.walk()
    )


def _dataset(qualified: str, call: Call) -> Value | None:
    """scikit-learn's and Keras's own data sets."""
    name = qualified.rpartition(".")[2]
    array = library(libraries.ARRAY, "tuple")
    if "keras" in qualified:
        return (
            Value(array.kind, array.type, "tuple", (array, array)) if name == "load_data" else None
        )
    if call.named("return_X_y") or name.startswith("make_"):
        return array
    if name.startswith(("load_", "fetch_")):
        return library(libraries.BUNCH)
    return None
