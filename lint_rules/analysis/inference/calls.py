"""What calls of functions give: Python's own, and those of libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lint_rules.analysis import libraries
from lint_rules.analysis.inference.functions import of_own_call, of_own_function
from lint_rules.analysis.inference.iteration import looped
from lint_rules.analysis.inference.methods import of_method, of_method_named
from lint_rules.analysis.inference.value import (
    UNBOUND,
    Kind,
    Names,
    Value,
    container_of,
    holding,
    instance_of,
    library,
    of_facts,
    plain,
)
from lint_rules.model.code import Attribute, Call, Constant, Name
from lint_rules.model.scope import metaflow_name
from lint_rules.python import standard_library
from lint_rules.python.libraries import library_facts

if TYPE_CHECKING:
    from lint_rules.analysis.inference.inferrer import Reader


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


_CLIENT = ("Flow", "Run", "Step", "Task")
_DIVIDING = ("numpy.split", "numpy.array_split", "numpy.vsplit", "numpy.hsplit")
_ON_DEMAND = frozenset("chunksize iterator retbins full_output with_scalar".split())
"""Arguments with which a function gives something else."""


def of_call(reader: Reader, call: Call, names: Names) -> Value | None:
    """What a call gives."""
    qualified = call.function.qualified
    if isinstance(call.function, Name):
        method = of_method_named(reader, call.function, call, names)
        if method is not UNBOUND:
            return method  # type: ignore[return-value]
    elif isinstance(call.function, Attribute):
        return of_method(
            reader, reader.value(call.function.value, names), call.function.name, call, names
        )
    else:
        return instance_of(reader.value(call.function, names))
    if qualified is None:
        made = of_own_call(reader, call, names)
        return made or instance_of(reader.value(call.function, names))
    if qualified in _CALLS:
        return _CALLS[qualified]
    if qualified in libraries.UNPICKLABLE:
        return Value(Kind.UNPICKLABLE, libraries.UNPICKLABLE[qualified])
    if qualified in standard_library().never_pickled:
        return Value(Kind.UNPICKLABLE, f"`{qualified}`")
    if qualified in _CASTS:
        return _CASTS[qualified]
    if qualified in _CONTAINERS or qualified in ("builtins.dict", "builtins.zip"):
        return _container_call(reader, qualified.partition(".")[2], call, names)
    if qualified in ("copy.copy", "copy.deepcopy", "builtins.max", "builtins.min"):
        values = [reader.value(v, names) for v in call.positional]
        if qualified.startswith("copy"):
            return values[0] if len(values) == 1 else None
        return looped(reader, call.positional[0], names) if len(values) == 1 else None
    if qualified == "sklearn.model_selection.train_test_split":
        return _split(reader, call, names)
    if qualified in _DIVIDING and call.positional:
        divided = reader.value(call.positional[0], names)
        is_frame = divided is not None and divided.type in libraries.TABULAR
        return library(divided.type if divided and is_frame else libraries.ARRAY, "list")
    if metaflow_name(qualified) in _CLIENT:
        return library(f"metaflow.{metaflow_name(qualified)}")
    if qualified.startswith(("sklearn.datasets.", "keras.datasets.", "tensorflow.keras.datasets.")):
        return _dataset(qualified, call)
    return _library_call(reader, qualified, call, names)


def _library_call(reader: Reader, qualified: str, call: Call, names: Names) -> Value | None:
    if qualified == "pandas.read_html":
        return library(libraries.FRAME, "list")
    if qualified == "matplotlib.pyplot.subplots":
        parts = (library("matplotlib.Figure"), library("matplotlib.Axes"))
        return Value(Kind.LIBRARY, "matplotlib.Figure", "tuple", parts)
    if qualified == "pandas.read_excel" and not _reads_one_sheet(call):
        return None
    if qualified in ("pandas.cut", "pandas.qcut") and call.named("retbins"):
        return None
    if qualified == "numpy.where" and len(call.positional) == 1:
        return library(libraries.ARRAY, "tuple")
    if qualified.startswith("numpy.random.") and (call.named("size") or len(call.positional) > 2):
        return library(libraries.ARRAY)
    if qualified in ("numpy.random.rand", "numpy.random.randn") and call.positional:
        return library(libraries.ARRAY)
    if qualified in reader.library_types:
        return library(qualified)
    if reader.is_own(qualified):
        return of_own_function(reader, qualified, call, names)
    if qualified in library_facts().elementwise:
        first = reader.value(call.positional[0], names) if call.positional else None
        is_array = first is not None and first.kind is Kind.LIBRARY and not first.container
        return first if is_array else None
    if any((a.name or "").startswith("return_") or a.name in _ON_DEMAND for a in call.arguments):
        return None
    made = libraries.made_by(qualified)
    return of_facts(made) if made else None


def _reads_one_sheet(call: Call) -> bool:
    """Whether `read_excel` gives one dataframe: of several sheets it gives a dict."""
    sheet = call.argument("sheet_name", 1)
    one = isinstance(sheet, Constant) and isinstance(sheet.value, str | int)
    return not call.has_unpacking and (sheet is None or one)


def _container_call(reader: Reader, name: str, call: Call, names: Names) -> Value | None:
    if name == "dict":
        given = [reader.value(a.value, names) for a in call.arguments if a.name]
        source = reader.value(call.positional[0], names) if call.positional else None
        if source and source.container:
            given.append(source.item)
        return holding("dict", given) or plain("dict")
    if name == "zip":
        values = [reader.value(v, names) for v in call.positional]
        return holding("tuple", [v.item for v in values if v and v.container])
    base = "list" if name == "sorted" else name
    if not call.positional:
        return plain(base)
    item = looped(reader, call.positional[0], names)
    if item is not None and item.kind in (Kind.LIBRARY, Kind.OWN_CLASS):
        return holding(base, [item])
    if item is not None and item.kind is Kind.PLAIN and base != "tuple":
        return plain(f"{base}[{item.type}]")
    return plain(base)


def _split(reader: Reader, call: Call, names: Names) -> Value | None:
    """`train_test_split(X, y)` gives two of each, arrays where it is given no lists."""
    parts: list[Value | None] = []
    for given in call.positional:
        value = reader.value(given, names)
        parts += [value or library(libraries.TABLE)] * 2
    if call.has_unpacking or not parts:
        return None
    return container_of("list", parts, tuple(parts))


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
