"""Which findings of two files are mended together, and in which form."""

import pytest

from lint_rules.findings import Safety
from lint_rules.linter import Linter
from lint_rules.mending import mend
from lint_rules.registry import all_rules
from lint_rules.settings import Settings
from lint_rules.source import Source

OWN = "from arxiv_topics.events import namespaced_trigger"
METAFLOWS = "from metaflow import namespaced_event_name"
FLOW = """\
from metaflow import FlowSpec, project, step, trigger
from metaflow.integrations import ArgoEvent
{imports}


{trigger}{project}
class {name}(FlowSpec):
    @step
    def start(self):
        {work}
"""
PROJECT = '@project(name="arxiv_topics")'
WAITING, WAITING_OWN, WAITING_METAFLOWS = (
    '@trigger(event="papers")\n',
    '@namespaced_trigger(event="papers")\n',
    '@trigger(event=namespaced_event_name("papers"))\n',
)
RAISING, RAISING_OWN, RAISING_METAFLOWS = (
    'ArgoEvent("papers").safe_publish()',
    'namespaced_trigger.raise_event("papers", safe_publish=True)',
    'ArgoEvent(namespaced_event_name("papers")).safe_publish()',
)


def mended(folder, *files):
    """What becomes of files, each given with what it imports, waits for and raises."""
    (folder / "pyproject.toml").write_text("")
    sources = []
    for number, (imports, trigger, work, *project) in enumerate(files):
        file = folder / f"f{number}" / "flow.py"
        file.parent.mkdir()
        text = FLOW.format(
            imports=imports,
            trigger=trigger,
            work=work,
            name=f"Arxiv{number}",
            project=project[0] if project else PROJECT,
        )
        file.write_text(text)
        sources.append(Source(file, text))
    settings = Settings(select=("MF701", "MF702"))
    linter = Linter(all_rules(), [folder])
    linter.expect(source.path for source in sources)
    done = mend(linter, sources, lambda _: settings, set(Safety))
    return [source.text for source in done.sources]


@pytest.mark.parametrize(
    ("imports", "waits", "raises"),
    [(OWN, WAITING_OWN, RAISING_OWN), (METAFLOWS, WAITING_METAFLOWS, RAISING_METAFLOWS)],
)
def test_both_ends_take_one_form(tmp_path, imports, waits, raises):
    first, second = mended(tmp_path, (imports, WAITING, "pass"), (imports, "", RAISING))
    assert waits in first
    assert raises in second


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((OWN, WAITING, "pass"), (METAFLOWS, "", RAISING)),
        ((METAFLOWS, WAITING, "pass"), (OWN, "", RAISING)),
        ((OWN, WAITING, "pass"), ("", "", RAISING)),
        (("", WAITING, "pass"), (OWN, "", RAISING)),
        ((OWN, WAITING, "pass", ""), (OWN, "", RAISING)),
        ((OWN, WAITING, "pass"), (OWN, "", 'tell(ArgoEvent("papers"))')),
    ],
)
def test_ends_that_do_not_fit_each_other_stay(tmp_path, first, second):
    one, other = mended(tmp_path, first, second)
    assert WAITING in one
    assert second[2] in other


def test_an_end_is_mended_alone_where_there_is_no_other(tmp_path):
    first, second = mended(
        tmp_path,
        (OWN, WAITING, "pass"),
        (METAFLOWS, "", RAISING.replace("papers", "topics")),
    )
    assert WAITING_OWN in first
    assert RAISING_METAFLOWS.replace("papers", "topics") in second


def test_a_file_without_a_flow_of_the_project_is_an_end_too(tmp_path):
    first, second = mended(tmp_path, (OWN, WAITING, "pass"), (OWN, "", RAISING, ""))
    assert WAITING_OWN in first
    assert RAISING_OWN in second
