"""`python -m tests.metaflow.outerbounds FOLDER` checks what the linter knows of the package.

FOLDER holds `ob-project-utils` and nothing that Metaflow needs (`make outerbounds`). The flows run
in processes of their own, because the package extends the Metaflow that finds it.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from lint_rules.diagrams.diagram import NAMESPACINGS
from lint_rules.metaflow.packages import PACKAGES

FLOW = """\
from metaflow import current, step, trigger
from obproject import ProjectFlow, project_schedule, project_trigger


{decorators}
class ArxivTopics(ProjectFlow):
    @step
    def start(self):
        print("in", current.project_name)
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    ArxivTopics()
"""

DEPLOYED = '{"branch": "main", "spec": {"project_branch": "main"}}'
"""What Outerbounds' deployment gives flows as `project_spec`."""


class Claims:
    """Runs flows with the package, and counts the claims that are not true.

    Args:
        package: the folder with the package.
        folder: a folder to run in.
    """

    def __init__(self, package: Path, folder: Path) -> None:
        self._package, self._folder = package, folder
        self.wrong = 0

    def python(self, *words: str) -> str:
        """What Python prints, in the folder and with the package."""
        variables = {
            **os.environ,
            "PYTHONPATH": str(self._package.resolve()),
            "USERNAME": "tester",
            "METAFLOW_DATASTORE_SYSROOT_LOCAL": str(self._folder),
        }
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self._folder,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    def flow(self, decorators: str, *words: str, project: str = "arxiv") -> str:
        """What a flow with some decorators prints."""
        (self._folder / "obproject.toml").write_text(f'project = "{project}"\n')
        (self._folder / "spec.json").write_text(DEPLOYED)
        (self._folder / "flow.py").write_text(FLOW.format(decorators=decorators))
        return self.python("flow.py", "--no-pylint", *words)

    def claim(self, what: str, said: str, expected: str) -> None:
        """Says whether a claim is true: a text must be in what was printed."""
        is_true = expected in said
        self.wrong += not is_true
        print("ok   " if is_true else "WRONG", what)
        if not is_true:
            print(said)


def check(claims: Claims) -> None:
    """All claims."""
    classes = (n for n in ast.parse(PACKAGES["obproject"]).body if isinstance(n, ast.ClassDef))
    declared = next(node for node in classes if node.name == "ProjectFlow").body
    assigned = (node.targets[0] for node in declared if isinstance(node, ast.Assign))
    names = [target.id for target in assigned if isinstance(target, ast.Name)]
    names += [node.name for node in declared if isinstance(node, ast.FunctionDef)]
    code = (
        "from metaflow import FlowSpec; from obproject import ProjectFlow\n"
        "class Flow(ProjectFlow): pass\n"
        "print('names:', sorted(n for n in {*dir(Flow)} - {*dir(FlowSpec)} if n[0] != '_'))"
    )
    claims.claim(
        "`ProjectFlow` has these names", claims.python("-c", code), f"names: {sorted(names)}"
    )
    pattern = NAMESPACINGS["outerbounds"].format(project="p", branch="b", event="e")
    code = "from obproject.project_events import event_name as n; print('name', n('e', 'p', 'b'))"
    claims.claim("events are named so", claims.python("-c", code), f"name {pattern}\n")
    said = claims.flow("", "run")
    claims.claim("`obproject.toml` names the project", said, "in arxiv\n")
    said = claims.flow("", "run", project="arxiv-topics")
    claims.claim("a hyphen in it is refused (MF103)", said, "must contain only lowercase")
    deployed = ("--config", "project_spec", "spec.json", "show")
    one = '@project_trigger(event="a")'
    for more in (f'{one}\n@project_trigger(event="b")', f'{one}\n@trigger(event="b")'):
        refused = claims.flow(more, *deployed)
        claims.claim(
            "two triggers are refused (MF703)", refused, "already has a decorator 'trigger'"
        )
        claims.claim("but not in a run of one's own", claims.flow(more, "run"), "Done!")
    claims.claim("one is not", claims.flow(one, *deployed), "Step end")


def main() -> int:
    """Checks the package in the folder that the command line names."""
    with TemporaryDirectory() as folder:
        claims = Claims(Path(sys.argv[1]), Path(folder))
        check(claims)
    return int(claims.wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
