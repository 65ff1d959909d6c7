"""Runs Cookiecutter's command line again and again, each time in a process of its own.

Its argument is the template that most of the projects are made of. It reads tasks from standard
input, a line of JSON each: `arguments`, `cwd`, `env`, and the files `stdin`, `stdout` and `stderr`.
It answers each with a line that holds the exit status. A process is a copy of this one, which has
imported Cookiecutter and compiled the template already: that takes most of the time otherwise.
"""

import importlib
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

import cookiecutter.config
import cookiecutter.main
import jinja2
from cookiecutter.__main__ import main as cookiecutter_main

DELIMITERS = [f"{kind}_{end}_string" for kind in ("variable", "block") for end in ("start", "end")]


def remember_templates(template: str) -> None:
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
            template, no_input=True, accept_hooks=False, output_dir=folder, config_file=str(config)
        )


def run(task: dict) -> int:
    """Run Cookiecutter in this process, as the task says; return the exit status."""
    os.chdir(task["cwd"])
    os.environ.clear()
    os.environ.update(task["env"])
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        stream = Path(task[name]).open(mode, encoding="utf-8")  # noqa: SIM115
        os.dup2(stream.fileno(), number)
        setattr(sys, name, stream)
    # They have looked for the user's home, and for temporary files' place, already.
    importlib.reload(cookiecutter.config)
    tempfile.tempdir = None
    sys.argv = ["cookiecutter", *task["arguments"]]
    try:
        cookiecutter_main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else bool(end.code)
    except BaseException:
        traceback.print_exc()
        return 1
    return 0


def main() -> None:
    remember_templates(sys.argv[1])
    for line in sys.stdin:
        child = os.fork()
        if not child:
            status = 1
            try:
                status = run(json.loads(line))
                sys.stdout.flush()
                sys.stderr.flush()
            finally:
                os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(status, flush=True)


if __name__ == "__main__":
    main()
