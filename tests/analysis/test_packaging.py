"""What Metaflow packages by itself."""

import pytest

from lint_rules.analysis.packaging import is_included_by_itself, names_as_source
from tests.analysis.modules import module_of

FLOW = """\
from metaflow import FlowSpec, package_sources, step

SOURCES = ["../lib/arxiv"]


{decorator}
class Topics(FlowSpec):
    @step
    def start(self):
        pass
"""


@pytest.mark.parametrize(
    ("decorator", "is_named"),
    [
        ('@package_sources("../lib/arxiv")', True),
        ('@package_sources("arxiv/")', True),
        ('@package_sources(["other", "lib/arxiv"])', True),
        ("@package_sources(SOURCES)", True),
        ("@package_sources(*SOURCES)", True),
        ("@package_sources(find())", True),
        ('@package_sources("other")', False),
        ('@package_sources("other", suffixes=["arxiv"])', False),
        ("@other('arxiv')", False),
        ("", False),
    ],
)
def test_package_sources_may_name_a_package(decorator, is_named):
    (flow,) = module_of(FLOW.format(decorator=decorator)).flows
    assert names_as_source(flow, "arxiv") is is_named


@pytest.mark.parametrize(
    ("module", "is_included"),
    [
        ('METAFLOW_PACKAGE_POLICY = "include"', True),
        ('POLICY = "include"\nMETAFLOW_PACKAGE_POLICY = POLICY', True),
        ("from metaflow import FlowMutator\nclass A(FlowMutator): pass", True),
        ("from metaflow import user_step_decorator\n@user_step_decorator\ndef a(): pass", True),
        ('METAFLOW_PACKAGE_POLICY = "exclude"', False),
        ("class A: pass", False),
    ],
)
@pytest.mark.parametrize("line", ["from arxiv import papers", "import arxiv.papers"])
def test_a_module_may_be_included_by_itself(tmp_path, line, module, is_included):
    (tmp_path / ".git").mkdir()
    (tmp_path / "arxiv").mkdir()
    (tmp_path / "arxiv" / "__init__.py").touch()
    (tmp_path / "arxiv" / "papers.py").write_text(module)
    flow = module_of(line, tmp_path / "flow.py")
    found = is_included_by_itself(flow.imports[0], "arxiv", flow.resolver)
    assert found is is_included


def test_all_modules_of_an_import_must_be_included(tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / "arxiv").mkdir()
    (tmp_path / "arxiv" / "__init__.py").touch()
    (tmp_path / "arxiv" / "papers.py").write_text('METAFLOW_PACKAGE_POLICY = "include"')
    (tmp_path / "arxiv" / "topics.py").touch()
    flow = module_of("from arxiv import papers, topics", tmp_path / "flow.py")
    assert not is_included_by_itself(flow.imports[0], "arxiv", flow.resolver)
