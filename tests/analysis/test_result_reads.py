"""What code reads of the runs of flows."""

import pytest

from lint_rules.analysis.result_reads import ArtifactRead, StepRead, result_reads
from tests.analysis.modules import module_of

HEAD = "from metaflow import Flow, Run, Step, Task\n\n"


def reads(body):
    """What a file reads of the flow `ArxivPapers`: what reads it, the step, and the artifact."""
    module = module_of(HEAD + body)
    found = []
    for file, read in result_reads([module], ["ArxivPapers"], ()):
        assert file is module
        assert read.flow == "ArxivPapers"
        name = read.name if isinstance(read, ArtifactRead) else None
        assert isinstance(read, ArtifactRead | StepRead)
        found.append((module.code_of(read.at), read.step, name))
    return found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            'Flow("ArxivPapers").latest_run.data.papers',
            [('Flow("ArxivPapers").latest_run.data.papers', None, "papers")],
        ),
        (
            'run = Run("ArxivPapers/1")\nprint(run["start"].task.data.papers)',
            [('run["start"].task.data.papers', "start", "papers"), ('run["start"]', "start", None)],
        ),
        ('Step("ArxivPapers/1/start")', [('Step("ArxivPapers/1/start")', "start", None)]),
        ('Flow("Species").latest_run.data.papers', []),
        ('print("ArxivPapers")', []),
        (
            'try:\n    Flow("ArxivPapers").latest_run.data.papers\nexcept KeyError:\n    pass',
            [],
        ),
    ],
)
def test_artifacts_and_steps_that_are_read(body, found):
    assert reads(body) == found


def test_an_artifact_of_the_last_step():
    module = module_of(HEAD + 'Flow("ArxivPapers").latest_run.data.papers')
    ((_, read),) = result_reads([module], ["ArxivPapers"], ())
    assert read.is_of_end
    module = module_of(HEAD + 'Task("ArxivPapers/1/end/2").data.papers')
    read = next(read for _, read in result_reads([module], ["ArxivPapers"], ()))
    assert (read.is_of_end, read.step) == (False, "end")


def test_the_getters_of_a_project_are_followed():
    body = (
        "def latest(name):\n    return Flow(name).latest_run\n\n\n"
        'def papers():\n    return latest("ArxivPapers").data.papers\n'
    )
    assert reads(body) == [('latest("ArxivPapers").data.papers', None, "papers")]
