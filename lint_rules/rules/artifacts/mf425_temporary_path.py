"""MF425."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.temporary_paths import temporary_paths
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class TemporaryPath(Rule):
    """
    ## What it does
    Checks for steps that open a temporary file of an earlier step, or a file in its temporary
    folder or its `current.tempdir`.

    ## Why is this bad?
    The artifact contains the path, not the file. The temporary folder disappears at the end of its
    `with` block, or at the latest when the task ends. Then the next step fails: "FileNotFoundError:
    [Errno 2] No such file or directory: '/tmp/tmp3x8c/rows.txt'". Another machine has no local
    files of earlier steps at all.

    ## References
    Metaflow, "Basics of Metaflow": artifacts; "Loading and storing data": `metaflow.S3` for files.
    """

    code, name = "MF425", "temporary-path"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            import tempfile
            from pathlib import Path

            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    with tempfile.TemporaryDirectory() as folder:
                        self.path = f"{folder}/titles.txt"
                        Path(self.path).write_text("a title")
                    self.next(self.end)

                @step
                def end(self):
                    print(Path(self.path).read_text())
            """,
            at="Path(self.path)",
        ),
    ]
    good = [
        Good(
            """
            import tempfile
            from pathlib import Path

            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    with tempfile.TemporaryDirectory() as folder:
                        path = Path(folder, "titles.txt")
                        path.write_text("a title")
                        self.titles = path.read_text()
                    self.next(self.end)

                @step
                def end(self):
                    print(self.titles)
            """,
            why="The artifact contains the content of the file.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        # Few files make temporary folders at all.
        if "temp" not in flow.module.code or not flow.graph.is_complete:
            return
        for found in temporary_paths(flow):
            artifact = found.artifact
            yield self.finding(
                found.at,
                f"`{found.step}` opens `{artifact.name}`, a path in a temporary folder that is gone "
                f"when `{artifact.function.name}` ends",
                "save the content of the file as an artifact, or put the file into `S3(run=self)`",
                related=[(artifact, "set here")],
            )
