"""Fixes of several files, in this process: which findings belong together, and what they become."""

import pytest

from lint_rules.diagnostics.diagnostic import Safety
from lint_rules.engine.apply_fixes import apply_fixes
from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.settings.options import Settings
from lint_rules.workspace.source import Source

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


def fixed(folder, files, *codes):
    """What becomes of files, given by their names, when some rules fix them together."""
    sources = []
    for name, text in {"pyproject.toml": "", **files}.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text)
        if name.endswith(".py"):
            sources.append(Source(file, text))
    settings = Settings(select=codes)
    linter = Linter(all_rules(), [folder])
    linter.expect(source.path for source in sources)
    done = apply_fixes(linter, sources, lambda _: settings, set(Safety))
    return {str(source.path.relative_to(folder)): source.text for source in done.sources}


def ends(folder, *files, beside=()):
    """What becomes of flows, each given with what it imports, waits for and raises."""
    texts = {
        f"f{number}/flow.py": FLOW.format(
            imports=imports,
            trigger=trigger,
            work=work,
            name=f"Arxiv{number}",
            project=project[0] if project else PROJECT,
        )
        for number, (imports, trigger, work, *project) in enumerate(files)
    }
    done = fixed(folder, {**texts, **dict(beside)}, "MF701", "MF702")
    return [done[name] for name in texts]


@pytest.mark.parametrize(
    ("imports", "waits", "raises"),
    [(OWN, WAITING_OWN, RAISING_OWN), (METAFLOWS, WAITING_METAFLOWS, RAISING_METAFLOWS)],
    ids=["own", "metaflows"],
)
def test_both_ends_take_one_form(tmp_path, imports, waits, raises):
    first, second = ends(tmp_path, (imports, WAITING, "pass"), (imports, "", RAISING))
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
    ids=["other", "another", "none", "nor here", "no project", "no publication"],
)
def test_ends_that_do_not_fit_each_other_stay(tmp_path, first, second):
    one, other = ends(tmp_path, first, second)
    assert WAITING in one
    assert second[2] in other


HOME = {
    "src/arxiv_topics/__init__.py": "",
    "src/arxiv_topics/events.py": (
        "from metaflow import FlowMutator\n\n\nclass namespaced_trigger(FlowMutator):\n    pass\n"
    ),
}
"""Where the project's own decorator is defined."""


@pytest.mark.parametrize(
    ("waits", "raises"),
    [("", ""), (OWN, ""), ("", OWN)],
    ids=["neither", "the one that raises", "the one that waits"],
)
def test_an_end_imports_what_it_is_given(tmp_path, waits, raises):
    raising = 'ArgoEvent("papers").safe_publish({"a": 1})'
    first, second = ends(tmp_path, (waits, WAITING, "pass"), (raises, "", raising), beside=HOME)
    assert first.count(OWN) == second.count(OWN) == 1
    assert WAITING_OWN in first
    call = 'namespaced_trigger.raise_event("papers", {"a": 1}, safe_publish=True)'
    assert second.endswith(f"{call}\n" if raises else f"        {OWN}\n\n        {call}\n")


def test_a_module_that_publishes_imports_it_at_its_top(tmp_path):
    news = "src/arxiv_topics/news.py"
    text = (
        "from metaflow.integrations import ArgoEvent\n\n\n"
        'if True:\n    ArgoEvent("papers").safe_publish()\n'
    )
    waiting = FLOW.format(
        imports=OWN, trigger=WAITING, project=PROJECT, name="ArxivTopics", work="pass"
    )
    files = {**HOME, news: text, "flows/flow.py": waiting}
    done = fixed(tmp_path, files, "MF701", "MF702")
    assert WAITING_OWN in done["flows/flow.py"]
    assert RAISING_OWN in done[news]
    assert f"\n{OWN}\n" in done[news]


@pytest.mark.parametrize(
    "work",
    [
        'ArgoEvent("papers").publish({"a": 1}, force=True)',
        'ArgoEvent("papers", {"a": 1}).publish()',
        'tell(ArgoEvent("papers"))',
    ],
    ids=["force", "payload", "elsewhere"],
)
def test_nothing_is_imported_where_it_would_not_do(tmp_path, work):
    first, second = ends(tmp_path, ("", WAITING, "pass"), ("", "", work), beside=HOME)
    assert WAITING in first
    assert work in second
    assert OWN not in first + second


def test_metaflows_function_goes_before_a_decorator_that_is_not_imported(tmp_path):
    first, second = ends(
        tmp_path, (METAFLOWS, WAITING, "pass"), (METAFLOWS, "", RAISING), beside=HOME
    )
    assert WAITING_METAFLOWS in first
    assert RAISING_METAFLOWS in second
    assert OWN not in first + second


def test_a_name_may_be_given_by_its_name(tmp_path):
    raising = RAISING.replace('"papers"', 'name="papers"')
    first, second = ends(tmp_path, (METAFLOWS, WAITING, "pass"), (METAFLOWS, "", raising))
    assert WAITING_METAFLOWS in first
    assert 'ArgoEvent(name=namespaced_event_name("papers"))' in second


def test_an_end_is_fixed_alone_where_there_is_no_other(tmp_path):
    first, second = ends(
        tmp_path,
        (OWN, WAITING, "pass"),
        (METAFLOWS, "", RAISING.replace("papers", "topics")),
    )
    assert WAITING_OWN in first
    assert RAISING_METAFLOWS.replace("papers", "topics") in second


def test_a_file_without_a_flow_of_the_project_is_an_end_too(tmp_path):
    first, second = ends(tmp_path, (OWN, WAITING, "pass"), (OWN, "", RAISING, ""))
    assert WAITING_OWN in first
    assert RAISING_OWN in second


IMPORTING = FLOW.format(
    imports="import arxiv", trigger="", project=PROJECT, name="ArxivTopics", work="arxiv.get()"
)
RESULTS = 'from metaflow import Flow\n\n\ndef get():\n    return Flow("Papers").latest_run\n'
CALL = 'namespace("project:arxiv_topics")\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"from metaflow import namespace\n\n{CALL}"),
        ('"""Papers."""\n', f'"""Papers."""\n\nfrom metaflow import namespace\n\n{CALL}'),
        ("A = 1\n", f"from metaflow import namespace\n\nA = 1\n\n{CALL}"),
        (
            "from metaflow import Flow\n",
            f"from metaflow import Flow, namespace\n\n{CALL}",
        ),
        ("import metaflow as mf\n", f"import metaflow as mf\n\nmf.{CALL}"),
        (
            "from metaflow import namespace as choose\n",
            f"from metaflow import namespace as choose\n\nchoose{CALL.removeprefix('namespace')}",
        ),
    ],
    ids=["empty", "docstring", "code", "import", "module", "other name"],
)
def test_a_namespace_is_added_to_what_the_package_says(tmp_path, before, after):
    init = "src/arxiv/__init__.py"
    files = {init: before, "src/arxiv/results.py": RESULTS, "flows/flow.py": IMPORTING}
    assert fixed(tmp_path, files, "MF603") == {**files, init: after}


POLICY = 'METAFLOW_PACKAGE_POLICY = "include"\n'
INSIDE = FLOW.format(
    imports="", trigger="", project=PROJECT, name="ArxivTopics", work="import arxiv.papers"
)


def test_a_package_says_that_it_travels_and_the_flow_imports_it(tmp_path):
    files = {"src/arxiv/__init__.py": "", "src/arxiv/papers.py": "A = 1\n", "flows/flow.py": INSIDE}
    last = "from metaflow.integrations import ArgoEvent\n"
    assert fixed(tmp_path, files, "MF107") == {
        **files,
        "src/arxiv/__init__.py": POLICY,
        "flows/flow.py": INSIDE.replace(last, f"{last}import arxiv  # noqa: F401\n"),
    }


def test_a_package_that_the_flow_imports_needs_only_say_that_it_travels(tmp_path):
    files = {"src/arxiv/__init__.py": "A = 1\n", "flows/flow.py": IMPORTING}
    assert fixed(tmp_path, files, "MF107") == {
        **files,
        "src/arxiv/__init__.py": f"A = 1\n\n{POLICY}",
    }


def test_nothing_is_reported_in_a_package_that_the_flow_would_have_to_import_and_cannot(tmp_path):
    text = INSIDE.replace("from metaflow", "if True:\n    from metaflow")
    files = {"src/arxiv/__init__.py": "", "src/arxiv/papers.py": "A = 1\n", "flows/flow.py": text}
    assert fixed(tmp_path, files, "MF107") == files


def test_a_package_without_init_is_left_alone(tmp_path):
    files = {"src/arxiv/papers.py": RESULTS, "flows/flow.py": INSIDE}
    assert fixed(tmp_path, files, "MF107", "MF603") == files
