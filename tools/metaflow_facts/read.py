"""Reads all facts of the installed Metaflow and writes them, as JSON, to a file that is named.

It starts in an empty home folder with Metaflow's settings at their defaults, as `isolated` gives them:
Metaflow reads its settings when it is imported.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).parents[2]


@contextmanager
def isolated() -> Iterator[dict[str, str]]:
    """Yield environment variables for a process that has no settings and a home of its own."""
    with TemporaryDirectory() as home:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("METAFLOW", "AWS_"))}
        own = {"HOME": home, "METAFLOW_HOME": home, "METAFLOW_USER": "somebody"}
        yield kept | own | {"PYTHONDONTWRITEBYTECODE": "1"}


def read_installed(python: str = sys.executable, path: str = "") -> dict[str, Any]:
    """Return the facts of the Metaflow that a Python has, or that stands in a folder, `path`.

    Raises:
        subprocess.CalledProcessError: if the reading fails. Its output is on the standard error.
    """
    with isolated() as environment:
        places = os.pathsep.join(filter(None, (path, str(ROOT))))
        file = Path(environment["HOME"]) / "facts.json"
        run(
            [python, "-m", "tools.metaflow_facts.read", str(file)],
            env=environment | {"PYTHONPATH": places},
            cwd=environment["HOME"],
            stdout=sys.stderr,
            check=True,
        )
        facts: dict[str, Any] = json.loads(file.read_text())
        return facts


def _read() -> dict[str, Any]:
    from tools.metaflow_facts.public import read_public_names  # before anything else of Metaflow's

    public = read_public_names()

    from metaflow.metaflow_version import get_version

    from tools.metaflow_facts import names, parameters
    from tools.metaflow_facts.decorators import read_decorators
    from tools.metaflow_facts.trials import Trials

    return {
        "version": get_version().split("+")[0],
        "names": {
            "public_names": public,
            "current": names.read_current(),
            "flowspec_attributes": names.read_flowspec(),
            **names.read_step_names(),
            "next_options": names.read_next_options(),
            "cards": names.read_cards(),
        },
        "parameters": parameters.read_parameters(),
        "decorators": read_decorators(Trials()),
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(_read(), sort_keys=True))
