"""Reads all facts of the installed Metaflow and writes them, as JSON, to a file that is named.

It starts in an empty home folder with Metaflow's settings at their defaults, as `isolated` gives
them: Metaflow reads its settings when it is imported.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory
from typing import Any

from tools.metaflow_facts.constructs import SETTINGS

ROOT = Path(__file__).parents[2]


QUICK = ("names", "parameters", "decorators")
"""What is read in a few seconds, of older releases too."""

SECTIONS = (*QUICK, "client", "pairs", "modules", "schedulers")
"""All that is read. The files of the data are called so."""


@contextmanager
def isolated() -> Iterator[dict[str, str]]:
    """Yield environment variables for a process that has no settings and a home of its own."""
    with TemporaryDirectory(prefix="metaflow-facts-") as home:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("METAFLOW", "AWS_"))}
        own = {"HOME": home, "METAFLOW_HOME": home, "METAFLOW_USER": "somebody"}
        yield kept | own | {"PYTHONDONTWRITEBYTECODE": "1"}


def read_installed(folder: str = "", sections: Sequence[str] = SECTIONS) -> dict[str, Any]:
    """Return facts of the installed Metaflow, or of the one that stands in a folder.

    Returns:
        `version`, and the sections asked for.

    Raises:
        subprocess.CalledProcessError: if the reading fails. Its output is on the standard error.
    """
    facts: dict[str, Any] = {}
    for together in ({*sections} - {"schedulers"}, {*sections} & {"schedulers"}):
        if together:
            facts |= _read_apart(folder, sorted(together))
    return facts


def _read_apart(folder: str, sections: Sequence[str]) -> dict[str, Any]:
    """Read sections in a process of their own."""
    with isolated() as environment:
        file = Path(environment["HOME"]) / "facts.json"
        places = os.pathsep.join(filter(None, (folder, str(ROOT))))
        settings = SETTINGS if "schedulers" in sections else {}
        run(
            [sys.executable, "-m", "tools.metaflow_facts.read", str(file), *sections],
            env=environment | settings | {"PYTHONPATH": places},
            cwd=environment["HOME"],
            stdout=sys.stderr,
            check=True,
        )
        facts: dict[str, Any] = json.loads(file.read_text())
        return facts


def _read(sections: Sequence[str]) -> dict[str, Any]:
    from tools.metaflow_facts.public import read_public_names  # before anything else of Metaflow's

    public = read_public_names()

    from metaflow.metaflow_version import get_version

    facts: dict[str, Any] = {"version": get_version().split("+")[0]}
    if "modules" in sections:
        from tools.metaflow_facts.modules import read_modules

        facts["modules"] = read_modules()
    if "client" in sections:
        from tools.metaflow_facts.client import read_client

        facts["client"] = read_client()
    if "schedulers" in sections:
        from tools.metaflow_facts.schedulers import read_schedulers

        return facts | {"schedulers": read_schedulers()}

    from tools.metaflow_facts import names, parameters
    from tools.metaflow_facts.decorators import read_decorators
    from tools.metaflow_facts.trials import Trials

    return facts | {
        "names": {
            "public_names": public,
            "current": names.read_current(),
            "flowspec_attributes": names.read_flowspec(),
            **names.read_step_names(),
            "next_options": names.read_next_options(),
            "cards": names.read_cards(),
        },
        "parameters": parameters.read_parameters(),
        **read_decorators(Trials(), thorough="pairs" in sections),
    }


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(_read(sys.argv[2:]), sort_keys=True))
