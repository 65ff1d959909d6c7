"""Files that are larger than what is read are reported if they may matter."""

import json

import pytest

from tests.folder import FLOW

SMALL = "max-file-size = 3000\n"


@pytest.mark.parametrize("words", [(), ("flow.py",)])
def test_a_large_flow_is_reported(repository, words):
    repository.write("metaflow-lint.toml", SMALL)
    assert repository.check(*words).status == 0
    repository.write("flow.py", f"{FLOW}#{'x' * 3000}\n")
    result = repository.check(*words)
    assert result.status == 1
    assert "flow.py:1:1: MF900 The file cannot be read: it has 3,599 bytes" in result.out
    graph = repository.run("graph", *words)
    assert (graph.status, "flow.py: " in graph.err) == (2, True)


def test_a_large_file_without_metaflow_is_not_reported(repository):
    repository.write("metaflow-lint.toml", SMALL)
    repository.write("data.py", f"x = '{'x' * 5000}'\n")
    repository.write("data.ipynb", json.dumps({"cells": [], "data": "x" * 5000}))
    assert repository.check().status == 0
    repository.write("data.py", f"x = '{'x' * 50_000}'\nimport metaflow\n")
    assert "data.py:1:1: MF900" in repository.check().out


def test_no_comment_hides_a_flow(repository):
    """A file that is too large to be searched is reported, too."""
    with repository.write("flow.py", FLOW).open("ab") as file:
        file.truncate(10**11)
    assert "flow.py:1:1: MF900" in repository.check("--isolated").out


def test_a_large_helper_is_not_known(repository):
    """The same base is known if it is small, and then lacks the project."""
    base = "import metaflow\n\n\nclass Base(metaflow.FlowSpec):\n    pass\n"
    flow = FLOW.replace("(FlowSpec)", "(Base)").replace('@project(name="arxiv_topics")\n', "")
    repository.write("metaflow-lint.toml", SMALL)
    repository.write("flow.py", f"from base import Base\n{flow}")
    repository.write("base.py", base)
    assert "MF101" in repository.check("--select", "MF101", "flow.py").out
    repository.write("base.py", f"{base}#{'x' * 3000}\n")
    assert "MF101" not in repository.check("--select", "MF101", "flow.py").out


def test_a_large_baseline_is_refused(repository):
    repository.write("known.json", " " * 11_000_000)
    result = repository.check("--baseline", "known.json")
    assert result.status == 2
    assert "it has 11.0 MB, and at most 10.0 MB are read" in result.err


def test_large_settings_are_refused(repository):
    repository.write("metaflow-lint.toml", "#" * 11_000_000)
    result = repository.check()
    assert result.status == 2
    assert "it has 11.0 MB" in result.err
