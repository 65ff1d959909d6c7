"""How reports name what is saved as an artifact, what reading it takes, and what to do instead."""

from __future__ import annotations

from lint_rules.analysis.inference import Kind, Value
from lint_rules.analysis.libraries import (
    COLUMNS,
    FIGURE,
    FRAME,
    GROUPED,
    MATRIX,
    MODEL,
    SERIES,
    TABLE,
    TORCH,
)

_IN_GENERAL = {
    TABLE: ("dataframe or array", "dataframes or arrays"),
    MATRIX: ("array or sparse matrix", "arrays or sparse matrices"),
    MODEL: ("fitted model", "fitted models"),
    FIGURE: ("figure", "figures"),
    COLUMNS: ("`pandas` object", "`pandas` objects"),
    TORCH: ("`torch` object", "`torch` objects"),
}
"""The words for types that are not certain: for one, and for several."""
_PLAIN = (
    "save plain Python data (lists, dicts, numbers, strings or bytes), and convert it in the "
    "code that reads it"
)
_FRAMES = ("DataFrame", "Series", "Table", "LazyFrame", "Dataset", "GroupBy", "Index")
_LISTED = (SERIES, "pandas.Index")
_ARRAYS = ("ndarray", "Tensor", "matrix", "Array", "ChunkedArray")
_FIGURES = ("Figure", "Axes", "Chart", "HConcatChart", "VConcatChart")
_MODELS = frozenset(
    "sklearn xgboost lightgbm catboost keras tensorflow gensim spacy transformers torch "
    "sentence_transformers statsmodels prophet imblearn diffusers hdbscan umap peft".split()
)


def named(value: Value) -> str:
    """What a value is, as in "saved as …"; in general words if its type is not certain."""
    one, several = _IN_GENERAL.get(value.type, (f"`{value.type}`", f"`{value.type}`"))
    if value.container:
        return f"a {value.container} of {several}"
    if value.type not in _IN_GENERAL:
        return one
    return f"{'an' if one[0] in 'aeiou' else 'a'} {one}"


def needed_for(value: Value) -> str:
    """What one needs to read it, as in "readers need …"."""
    if value.kind is Kind.OWN_CLASS:
        module, _, name = value.type.rpartition(".")
        return f"the module `{module}`" if module else f"the flow file that defines `{name}`"
    if value.type in (TABLE, MATRIX, MODEL, FIGURE):
        return "its library"
    return f"`{value.type.partition('.')[0]}`"


def instead_of(value: Value) -> str:
    """What to do instead, by what sort of thing it is."""
    package, _, _ = value.type.partition(".")
    last = value.type.rpartition(".")[2]
    if value.kind is Kind.OWN_CLASS:
        return (
            "save its plain data (lists, dicts, numbers or strings), and make the object in the "
            "code that reads it"
        )
    if package == "metaflow":
        return "save its `pathspec`, and look it up in the code that reads it"
    if value.type == FRAME and not value.container:
        return (
            'save plain records (`.to_dict(orient="records")`) or the bytes of a Parquet file '
            "(`.to_parquet()`), and make the dataframe in the code that reads it"
        )
    if value.type in _LISTED and not value.container:
        again = "series" if value.type == SERIES else "index"
        return f"save a list (`.tolist()`), and make the {again} in the code that reads it"
    if value.type in (FRAME, SERIES, COLUMNS, GROUPED) or last.endswith(_FRAMES):
        return (
            "save plain records or the bytes of a Parquet file, and make the dataframe in the code "
            "that reads it"
        )
    if value.type in (TABLE, MATRIX) or last.endswith(_ARRAYS):
        return "save lists (`.tolist()`), and make the array in the code that reads it"
    if value.type == FIGURE or last in _FIGURES:
        return "show it in a card, or save its data"
    if value.type in (MODEL, TORCH) or package in _MODELS:
        return (
            "save its weights or parameters as plain data or bytes, or store it in a model "
            "registry; if it must be an artifact, pin its library and write "
            "`# noqa: MF402` with the reason"
        )
    return _PLAIN
