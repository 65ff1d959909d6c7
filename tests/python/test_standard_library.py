"""What is known of Python's standard library is what this Python says."""

import importlib
import pickle

import pytest

from lint_rules.python import standard_library


def value_of(qualified):
    owner, _, name = qualified.rpartition(".")
    return getattr(importlib.import_module(owner), name)


@pytest.mark.parametrize(
    "qualified", ["datetime.datetime", "enum.Enum", "fractions.Fraction", "builtins.int"]
)
def test_classes_are_known(qualified):
    assert isinstance(value_of(qualified), type)
    assert standard_library().is_class(qualified)


@pytest.mark.parametrize("qualified", ["json.dumps", "builtins.max", "os.path", "no.such"])
def test_other_things_are_no_classes(qualified):
    assert not standard_library().is_class(qualified)


def test_each_class_of_the_data_is_one_here():
    seen = [c for c in standard_library().classes if c.startswith(("collections.", "threading."))]
    assert seen
    assert all(isinstance(value_of(qualified), type) for qualified in seen)


@pytest.mark.parametrize("qualified", ["threading.Lock", "queue.Queue", "threading.local"])
def test_what_pickle_refuses_is_known(qualified):
    assert qualified in standard_library().never_pickled
    with pytest.raises(TypeError):
        pickle.dumps(value_of(qualified)())


def test_properties_are_no_values_that_pickle_refuses():
    assert "builtins.property" not in standard_library().never_pickled


def test_built_in_functions_are_distinguished_from_classes():
    assert standard_library().is_builtin_function("builtins.max")
    assert not standard_library().is_builtin_function("builtins.int")
