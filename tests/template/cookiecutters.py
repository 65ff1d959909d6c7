"""Runs Cookiecutter's command line, in copies of a process that has compiled the template already.

That takes most of the time otherwise.
"""

import importlib
import sys
import tempfile
from pathlib import Path

import cookiecutter.config
import cookiecutter.main
import jinja2
from cookiecutter.__main__ import main as cookiecutter_main

from .copies import REPOSITORY, serve

DELIMITERS = [f"{kind}_{end}_string" for kind in ("variable", "block") for end in ("start", "end")]


def remember_templates() -> None:
    """Have Jinja compile each text of the template once, for all processes to come."""
    compile_text = jinja2.Environment.compile
    known: dict[tuple, object] = {}

    def compiled(self, source, name=None, filename=None, **how):
        signs = [getattr(self, each) for each in DELIMITERS]
        key = (source, name, filename, *how.items(), *signs)
        if key not in known:
            known[key] = compile_text(self, source, name, filename, **how)
        return known[key]

    jinja2.Environment.compile = compiled
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "config.yaml")
        config.write_text(f"replay_dir: {folder}/replay\ncookiecutters_dir: {folder}/clones\n")
        cookiecutter.main.cookiecutter(
            str(REPOSITORY),
            no_input=True,
            accept_hooks=False,
            output_dir=folder,
            config_file=str(config),
        )


def run(arguments: list[str]) -> None:
    """Do what `cookiecutter ARGUMENTS` does."""
    importlib.reload(cookiecutter.config)  # it has looked for the user's home already
    sys.argv = ["cookiecutter", *arguments]
    cookiecutter_main()


if __name__ == "__main__":
    remember_templates()
    serve(run)
