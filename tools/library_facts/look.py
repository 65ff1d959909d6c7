"""What installed libraries say that their functions and methods return, as JSON.

It is run by a Python that has the libraries (`python look.py PACKAGE...`) and needs nothing else.
It believes an annotation, else the first entry below "Returns" in a docstring, and leaves out what
may be a scalar, or one of several things.
"""

import contextlib
import importlib
import inspect
import io
import json
import pkgutil
import re
import sys
import warnings

LEFT_OUT = re.compile(
    r"(^|\.)(_[^.]*|core|util|utils|tests?|testing|conftest|compat|setup|externals?|internals?)(\.|$)"
    r"|^(altair|polars|xarray|sqlalchemy|duckdb|datasets|networkx\.(algorithms|generators|drawing))\."
    r"|^(numpy\.matlib|numpy\.ma|scipy\.special|statsmodels\.(graphics|tsa|sandbox|stats|regression))"
    r"|^scipy\.(signal|ndimage|linalg|sparse|stats|interpolate|optimize|fft)\.\w*tools?"
    r"|^(matplotlib)\.(?!pyplot)"
)
"""Modules that no flow uses."""

MODULES = 400
"""How many modules of one package are looked at."""

DOCUMENTED = {
    "array": "numpy.ndarray",
    "ndarray": "numpy.ndarray",
    "numpy.ndarray": "numpy.ndarray",
    "np.ndarray": "numpy.ndarray",
    "NumPy array": "numpy.ndarray",
    "NumPy matrix": "numpy.ndarray",
    "{ndarray, sparse matrix}": "array or sparse matrix",
    "sparse matrix": "scipy.sparse.spmatrix",
    "SciPy sparse array": "scipy.sparse.spmatrix",
    "DataFrame": "pandas.DataFrame",
    "pd.DataFrame": "pandas.DataFrame",
    "Series": "pandas.Series",
    "Series or DataFrame": "pandas",
    "DataFrame or Series": "pandas",
    "NetworkX graph": "networkx.Graph",
    "NetworkX Graph": "networkx.Graph",
    "NetworkX DiGraph": "networkx.DiGraph",
    "networkx.Graph": "networkx.Graph",
    "Graph": "networkx.Graph",
    "Figure": "matplotlib.Figure",
    "plotly.graph_objects.Figure": "plotly.graph_objects.Figure",
}
"""How docstrings name types."""

METHODS = (
    "pandas.DataFrame pandas.Series pandas.Index pandas.core.groupby.DataFrameGroupBy "
    "pandas.core.groupby.SeriesGroupBy polars.DataFrame polars.LazyFrame polars.Series "
    "pyarrow.Table pyarrow.RecordBatch pyarrow.Array pyarrow.ChunkedArray networkx.Graph "
    "networkx.DiGraph datasets.Dataset datasets.DatasetDict matplotlib.figure.Figure "
    "plotly.graph_objects.Figure sqlalchemy.Engine xarray.Dataset xarray.DataArray "
    "dask.dataframe.DataFrame dask.dataframe.Series duckdb.DuckDBPyConnection "
    "duckdb.DuckDBPyRelation spacy.language.Language spacy.tokens.Doc gensim.models.Word2Vec "
    "gensim.models.KeyedVectors gensim.models.LdaModel gensim.corpora.Dictionary "
    "lightgbm.Booster lightgbm.Dataset xgboost.Booster xgboost.DMatrix "
    "scipy.sparse.csr_matrix altair.Chart"
).split()
"""The classes whose methods are looked at."""

TRANSFORMING = ("transform", "fit_transform", "predict", "predict_proba", "fit_predict")
"""The methods of scikit-learn's estimators, of which most give arrays."""

LIKE_ARGUMENT = frozenset(
    f"numpy.{name}" for name in "round around clip nan_to_num sinc i0 real imag copy".split()
)
"""What gives a number for a number, and an array for an array, beside numpy's ufuncs."""

SCALARS = frozenset(
    "numpy.trace numpy.einsum numpy.tensordot numpy.vdot numpy.astype numpy.linalg.trace "
    "numpy.linalg.tensordot numpy.linalg.vecdot pandas.read_pickle".split()
)
"""What may give a number, or anything, though its docstring does not say so."""

SHORTER = {
    "matplotlib.pylab.Figure": "matplotlib.Figure",
    "matplotlib.figure.Figure": "matplotlib.Figure",
    "matplotlib.axes.Axes": "matplotlib.Axes",
    "plotly.graph_objs.Figure": "plotly.graph_objects.Figure",
    "spacy.ml.Doc": "spacy.tokens.Doc",
    "sqlalchemy.engine.base.OptionEngine": "sqlalchemy.Engine",
    "pandas.core.groupby.DataFrameGroupBy": "pandas.DataFrameGroupBy",
    "pandas.core.groupby.SeriesGroupBy": "pandas.SeriesGroupBy",
    "scipy.sparse.csr_matrix": "scipy.sparse.spmatrix",
}
"""The names that the linter has for some classes."""


def modules(package):
    """Yield the public modules of a package by name, the package first."""
    try:
        top = importlib.import_module(package)
    except Exception:
        return
    yield package, top
    found = pkgutil.walk_packages(getattr(top, "__path__", ()), f"{package}.", onerror=lambda _: 0)
    count = 0
    for inner in found:
        if LEFT_OUT.search(inner.name) or inner.name.count(".") > 2:
            continue
        count += 1
        if count > MODULES:
            return
        with contextlib.suppress(BaseException), contextlib.redirect_stdout(io.StringIO()):
            yield inner.name, importlib.import_module(inner.name)


def annotated(function, names, owner):
    """The public name of the class that a function's annotation names, `None` if it has none."""
    try:
        said = inspect.signature(function).return_annotation
    except (TypeError, ValueError):
        return None
    if isinstance(said, type):
        return names.get(said)
    if not isinstance(said, str):
        return owner if getattr(said, "__name__", "") == "Self" else None
    said = said.strip("'\" ")
    if said == "Self":
        return owner
    if {part.strip() for part in said.split("|")} == {"DataFrame", "Series"}:
        return "pandas"
    if not re.fullmatch(r"[\w.]+", said):
        return None
    found = getattr(inspect.unwrap(function), "__globals__", {})
    for part in said.split("."):
        found = found.get(part) if isinstance(found, dict) else getattr(found, part, None)
    if found is None:
        # Many names are imported for type checkers only.
        last = said.rpartition(".")[2]
        near = [n for c, n in names.items() if c.__name__ == last]
        mine = [n for n in near if n.startswith(str(function.__module__).partition(".")[0] + ".")]
        return mine[0] if len(set(mine)) == 1 else None
    return names.get(found) if isinstance(found, type) else None


ON_DEMAND = re.compile(r"optional|[Oo]nly |[Ii]f ``?return_|present if")


def documented(function):
    """The class that a docstring names below "Returns"; of a tuple's parts, separated by commas.

    A part that is returned on demand only, and what follows, is left out.
    """
    text = inspect.getdoc(function) or ""
    found = re.search(r"^Returns?\n-{3,}\n((?:.*\n?)*?)(?=^\w[^\n]*\n-{3,}|\Z)", text, re.MULTILINE)
    if not found:
        return None
    entries = []
    for line in found[1].splitlines():
        if line.strip() and not line.startswith((" ", "\t")):
            entries.append([line])
        elif entries:
            entries[-1].append(line)
    kept = []
    for said, *explained in entries:
        if ON_DEMAND.search(" ".join([said, *explained])):
            break
        kept.append(one_documented(said, " ".join(explained)))
    if len(kept) > 1 and all(" : " in said for said, *_ in entries[: len(kept)]):
        return ",".join(one or "?" for one in kept) if any(kept) else None
    return kept[0] if len(kept) == 1 else None


def one_documented(said, explained):
    """The class that one entry below "Returns" names."""
    said = said.strip().rpartition(" : ")[2].strip("`. ")
    said = re.sub(r",? (?:of|with)? ?shape.*$", "", said).strip("`~: ")
    said = re.sub(r"^:class:`?~?", "", said).strip("` ")
    # It may be a number, or one of several things.
    is_certain = not re.search(r"scalar|\bfloat\b(?! array)", explained[:250])
    return DOCUMENTED.get(said) if is_certain else None


def is_reduction(function):
    """Whether a function may give one number for a whole array."""
    try:
        return "keepdims" in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return False


def returned(function, names, owner=None):
    """What a function says that it returns."""
    said = annotated(function, names, owner)
    if said is None and not is_reduction(function):
        said = documented(function)
    is_object = said is not None and not said.endswith(("Error", "Warning"))
    return said if is_object and set(said.split(",")) != {"?"} else None


def classes_of(found):
    """The public names of classes: the shortest dotted name of each."""
    names = {}
    for module_name, module in found:
        for name in dir(module):
            value = getattr(module, name, None)
            if not isinstance(value, type) or name.startswith("_"):
                continue
            if value.__module__.partition(".")[0] != module_name.partition(".")[0]:
                continue
            dotted = f"{module_name}.{name}"
            old = names.get(value)
            if old is None or (dotted.count("."), len(dotted)) < (old.count("."), len(old)):
                names[value] = dotted
    return {value: SHORTER.get(dotted, dotted) for value, dotted in names.items()}


def package_of(dotted):
    """The top-level package of a module."""
    return dotted.partition(".")[0]


def look(packages):
    """Return what is known, by section: sorted dotted names with what they give."""
    found = [one for package in packages for one in modules(package)]
    names = classes_of(found)
    functions, elementwise, methods = {}, [], {}
    for module_name, module in found:
        for name in dir(module):
            value = getattr(module, name, None)
            if name.startswith("_") or isinstance(value, type) or not callable(value):
                continue
            origin = str(getattr(value, "__module__", None) or module_name)
            if name not in getattr(module, "__all__", ()) and origin != module_name:
                # Imported here for its own use.
                if hasattr(module, "__all__") or package_of(origin) != package_of(module_name):
                    continue
                if "." in module_name and not origin.startswith(f"{module_name}."):
                    continue
            if type(value).__name__ == "ufunc" or f"{module_name}.{name}" in LIKE_ARGUMENT:
                elementwise.append(f"{module_name}.{name}")
                continue
            made = returned(value, names)
            if made is not None and f"{module_name}.{name}" not in SCALARS:
                functions[f"{module_name}.{name}"] = made
    for dotted in METHODS:
        module, _, name = dotted.rpartition(".")
        with contextlib.suppress(Exception):
            owner = getattr(importlib.import_module(module), name)
            short = SHORTER.get(dotted) or names.get(owner, dotted)
            methods[short] = of_class(owner, names, short)
    for owner, dotted in names.items():
        if dotted.startswith("sklearn."):
            given = of_class(owner, names, dotted)
            usual = "numpy.ndarray"
            unlike = {m: given[m] for m in TRANSFORMING if given.get(m, usual) != usual}
            if unlike:
                methods[dotted] = unlike
    return {"functions": functions, "elementwise": elementwise, "methods": methods}


def of_class(owner, names, dotted):
    """What the methods and properties of a class say that they return."""
    given = {}
    for name, value in inspect.getmembers(owner):
        if name.startswith("_"):
            continue
        function = value.fget if isinstance(value, property) else value
        if callable(function):
            made = returned(function, names, dotted)
            if made is not None:
                given[name] = made
    return given


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    output = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        answer = look(sys.argv[1:])
    json.dump(answer, output)
