"""Runs Python's command lines, in copies of a process that has imported what Metaflow imports.

Nothing of Metaflow or of a project is imported in advance: they read the environment when they are
imported. Nor do the processes that a command starts come from here.
"""

import gc
import importlib
import os
import runpy
import sys
from pathlib import Path
from types import ModuleType

from .copies import serve

LIBRARIES = (
    *("asyncio", "concurrent.futures", "importlib.metadata", "importlib.resources"),
    *("boto3", "kubernetes", "requests", "s3transfer.manager"),
)


def run(arguments: list[str]) -> None:
    """Do what `python ARGUMENTS` does, with what it would find in `sys`."""
    # Kubernetes' client takes KUBECONFIG from the environment when it is imported.
    importlib.reload(sys.modules["kubernetes.config.kube_config"])
    sys.path[1:1] = [place for place in os.environ.get("PYTHONPATH", "").split(":") if place]
    what, *rest = arguments
    if what == "-m":
        sys.argv = rest
        sys.path[0] = str(Path.cwd())
        runpy.run_module(rest[0], run_name="__main__", alter_sys=True)
    elif what == "-c":
        sys.argv = ["-c", *rest[1:]]
        sys.path[0] = ""
        module = sys.modules["__main__"] = ModuleType("__main__")
        exec(compile(rest[0], "<string>", "exec"), vars(module))
    else:
        sys.argv = arguments
        sys.path[0] = str(Path(what).resolve().parent)
        runpy.run_path(what, run_name="__main__")


if __name__ == "__main__":
    for library in LIBRARIES:
        importlib.import_module(library)
    gc.collect()
    gc.freeze()  # so that copies share this memory
    serve(run)
