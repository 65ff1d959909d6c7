"""What one Python says of its standard library, as JSON: run by each Python that is asked.

It needs nothing but that Python: `python look.py`.
"""

import contextlib
import importlib
import io
import json
import os
import pickle
import pkgutil
import signal
import sys
import threading
import types
import warnings

LEFT_OUT = frozenset(
    "__main__ antigravity ctypes distutils encodings ensurepip idlelib lib2to3 msilib pydoc_data "
    "signal symtable test this tkinter turtle turtledemo venv".split()
)
"""Modules that do something when they are imported, or that no flow uses."""

MAKERS = "collections dataclasses enum types typing".split()
"""Modules that may make classes by a call."""

ARGUMENTS = ((), ("x",), ({},), (set(),), ("x", int), (io.StringIO("x"),))
"""What a class is called with, as far as it takes that."""

SECONDS = 3
"""How long one class may take."""


def modules():
    """Yield the public modules of the standard library by name."""
    for name in sorted(sys.stdlib_module_names - LEFT_OUT):
        if name.startswith("_"):
            continue
        try:
            module = importlib.import_module(name)
        except Exception:
            continue
        yield name, module
        for inner in pkgutil.iter_modules(getattr(module, "__path__", ())):
            if inner.name.startswith("_") or inner.name in ("test", "tests"):
                continue
            with contextlib.suppress(Exception):
                yield f"{name}.{inner.name}", importlib.import_module(f"{name}.{inner.name}")


def own(module_name, module):
    """Yield the public names of a module that are its own, with their values."""
    top = module_name.partition(".")[0]
    for name in dir(module):
        value = getattr(module, name, None)
        if name.startswith("_") or value is None:
            continue
        origin = str(getattr(value, "__module__", "") or "").partition(".")[0].lstrip("_")
        if origin == top or name in getattr(module, "__all__", ()):
            yield name, value


def is_pickled(made):
    """Whether pickle takes an object."""
    try:
        pickle.dumps(made, protocol=4)
    except Exception:
        return False
    return True


def how_pickled(make):
    """How what a class makes is pickled: `never`, `by name`, or `None` for anything else.

    Some of these know the name by which a module has them, and can be pickled there alone.
    """
    found = set()
    for arguments in ARGUMENTS:
        try:
            made = make(*arguments)
        except BaseException:
            continue
        if isinstance(made, type) or is_pickled(made):
            return None
        sys.modules["__main__"].x = made
        found.add("by name" if is_pickled(made) else "never")
    return min(found, default=None)


def in_a_fork(question, *arguments):
    """The answer to a question that is asked in a process of its own, `None` if it gives none."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        signal.alarm(SECONDS)
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        os.write(write, json.dumps(question(*arguments)).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    with contextlib.suppress(ProcessLookupError):
        # What the child has started may keep the pipe open.
        os.killpg(child, signal.SIGKILL)
    with os.fdopen(read) as pipe:
        output = pipe.read()
    return json.loads(output) if output else None


def makes_class(function):
    """Whether a function makes a class of a name and what is in it."""
    for inside in (["a"], {"a": int}, [("a", int)], int, ()):
        try:
            made = function("X", inside)
        except BaseException:
            continue
        if isinstance(made, type) and made is not inside:
            return True
    return False


def look():
    """Return what there is, by section: sorted dotted names."""
    found = {"classes": [], "modules": [], "never pickled": [], "pickled by name": [], "makers": []}
    for module_name, module in modules():
        if "." in module_name:
            found["modules"].append(module_name)
        for name, value in own(module_name, module):
            qualified = f"{module_name}.{name}"
            is_class = isinstance(value, type)
            if is_class:
                found["classes"].append(qualified)
            if isinstance(value, types.ModuleType):
                found["modules"].append(qualified)
            if is_class and issubclass(value, property | classmethod | staticmethod):
                continue
            if is_class or (callable(value) and name[0].isupper()):
                how = in_a_fork(how_pickled, value)
                if how is not None:
                    found["pickled by name" if how == "by name" else "never pickled"].append(
                        qualified
                    )
            if module_name in MAKERS and callable(value) and makes_class(value):
                found["makers"].append(qualified)
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(10_000)
    threading.excepthook = lambda _: None
    json.dump(look(), sys.stdout)
