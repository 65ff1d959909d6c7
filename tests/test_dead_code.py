"""No code of the linter is there for nothing, as Vulture sees it."""

from pathlib import Path

import pytest
import vulture

import lint_rules

ROOT = Path(lint_rules.__file__).parent
KEPT = {
    "rules/*/mf*.py": "discovery finds the classes of rules by their files",
    "metaflow/*.py": "what Metaflow is; not every part of it has a rule yet",
    "model/earlier_names.py": "rules of other packages use them",
    "testing.py": "its earlier names are for the tests of other packages",
    "workspace/deadline.py": "`Deadline.cancel` is for programs that hold a workspace",
    "engine/cache/models.py": "`pickle` calls what its classes override",
    "engine/registry.py": "importlib calls what its loaders override",
    "settings/options.py": "settings are read by their names",
    "syntax/comments.py": "the fields of `Comments` are read in their order",
}
"""Where something seems unused, and why it is not, or is there nevertheless."""


@pytest.fixture(scope="module")
def unused():
    """What Vulture reports, all of it."""
    watch = vulture.Vulture()
    watch.scavenge([str(ROOT)])
    return watch.get_unused_code(min_confidence=60)


def test_all_code_is_used(unused):
    explained = {item.filename for where in KEPT for item in unused if item.filename.match(where)}
    assert [item.get_report() for item in unused if item.filename not in explained] == []


def test_every_exception_is_needed(unused):
    files = {item.filename for item in unused}
    assert [where for where in KEPT if not any(file.match(where) for file in files)] == []
