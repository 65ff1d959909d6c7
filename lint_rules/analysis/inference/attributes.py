"""What attributes of values are."""

from __future__ import annotations

from lint_rules.analysis import libraries
from lint_rules.analysis.inference.value import Kind, Value, library


def of_attributes(value: Value | None, names: str) -> Value | None:
    """What `value.<names>` is."""
    for name in names.split(".") if names else ():
        value = of_attribute(value, name)
    return value


def of_attribute(value: Value | None, name: str) -> Value | None:
    """What `value.<name>` is."""
    if value is not None and value.kind is Kind.LIBRARY and not value.container:
        type_ = libraries.attribute_gives(value.type, name)
        if type_ is None and value.type.startswith("metaflow."):
            # The data of a run have the names of somebody's artifacts.
            return None
        return library(type_) if type_ else by_attribute_name(f".{name}")
    return None if value is not None else by_attribute_name(f".{name}")


def by_attribute_name(name: str) -> Value | None:
    """What an attribute is whose name alone says it."""
    last = name.rpartition(".")[2]
    found = libraries.ANY_ATTRIBUTES.get(last) if "." in name else None
    if found is None and "." in name and last.endswith("_dataframe"):
        return library(libraries.FRAME)
    return library(found, "list" if last == "best_trials" else "") if found else None
