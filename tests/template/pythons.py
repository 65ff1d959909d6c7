"""Runs Python's command lines, in copies of a process that has imported what Metaflow imports.

Nothing of Metaflow or of a project is imported in advance: they read the environment when they are
imported. The Pythons that a command starts are copies, too, such as the steps of a run, and the
commands of a deployment: each is a process of its own, copied from the server and not from the
command, and knows nothing of it but what it is given.
"""

import functools
import gc
import importlib
import importlib.metadata
import io
import os
import runpy
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from . import asking
from .copies import serve

LIBRARIES = (
    *("asyncio", "concurrent.futures", "importlib.metadata", "importlib.resources"),
    *("boto3", "boto3.s3.inject", "requests", "s3transfer.manager", "tarfile"),
    # Kubernetes' client imports its parts only when they are used.
    *("kubernetes", "kubernetes.client.api.custom_objects_api"),
    "kubernetes.client.models.v1_container",
)
# With others, a process is started as it always is.
OPTIONS = {"-u", "-P"}
SETTINGS = {"PYTHONPATH", "PYTHONUNBUFFERED"}
HOW = {
    *("cwd", "env", "stdin", "stdout", "stderr", "bufsize"),
    *("text", "universal_newlines", "encoding", "errors"),
}


def run(arguments: list[str]) -> None:
    """Do what `python ARGUMENTS` does, with what it would find in `sys`."""
    # Kubernetes' client takes KUBECONFIG from the environment when it is imported.
    importlib.reload(sys.modules["kubernetes.config.kube_config"])
    start_pythons_as_copies(sys.argv[1])
    places = filter(None, os.environ.get("PYTHONPATH", "").split(":"))
    sys.path[1:1] = map(os.path.abspath, places)
    options = set()
    while arguments[0] in OPTIONS:
        options.add(arguments.pop(0))
    if "-u" in options or os.environ.get("PYTHONUNBUFFERED"):
        sys.stdout, sys.stderr = unbuffered(sys.stdout), unbuffered(sys.stderr)
    what, *rest = arguments
    if what == "-m":
        sys.argv = rest
        first = str(Path.cwd())
    elif what == "-c":
        sys.argv = ["-c", *rest[1:]]
        first = ""
    else:
        sys.argv = arguments
        first = str(Path(what).resolve().parent)
    sys.path[:1] = [] if "-P" in options else [first]
    if what == "-m":
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif what == "-c":
        module = sys.modules["__main__"] = ModuleType("__main__")
        exec(compile(rest[0], "<string>", "exec"), vars(module))
    else:
        runpy.run_path(what, run_name="__main__")


def unbuffered(stream: io.TextIOWrapper) -> io.TextIOWrapper:
    """Return a stream that writes where this one does, and at once."""
    raw = io.FileIO(stream.fileno(), "w", closefd=False)
    how = {"encoding": stream.encoding, "errors": stream.errors}
    return io.TextIOWrapper(raw, write_through=True, **how)


def start_pythons_as_copies(place: str) -> None:
    """Have this process start Pythons as copies of the server at this socket."""
    start = subprocess.Popen.__init__

    @functools.wraps(start)
    def started(self, args, *others, **how):
        if not others and how.keys() <= HOW and can_be_a_copy(args, how.get("env")):
            args = [sys.executable, "-IS", asking.__file__, place, *args[1:]]
        return start(self, args, *others, **how)

    subprocess.Popen.__init__ = started


def can_be_a_copy(command: object, env: dict[str, str] | None) -> bool:
    """Whether a command starts this Python, and does so in a way that `run` knows."""
    if not isinstance(command, list) or command[0] != sys.executable:
        return False
    settings = {name for name in (os.environ if env is None else env) if name.startswith("PYTHON")}
    first = next((word for word in command[1:] if word not in OPTIONS), "-")
    return settings <= SETTINGS and (first in ("-m", "-c") or not first.startswith("-"))


def remember_distributions() -> None:
    """Have the packages of this environment's distributions be found once, for all processes.

    Metaflow asks for them each time that it packages code, and their metadata takes long to read.
    """
    find = importlib.metadata.packages_distributions
    known, places = find(), {*sys.path}

    def found() -> dict[str, list[str]]:
        added = (Path(place) for place in sys.path if place not in places)
        if any(name for place in added for name in place.glob("*-info")):
            return find()
        return {package: [*names] for package, names in known.items()}

    importlib.metadata.packages_distributions = found


if __name__ == "__main__":
    for library in LIBRARIES:
        importlib.import_module(library)
    remember_distributions()
    gc.collect()
    gc.freeze()  # so that copies share this memory
    serve(run)
