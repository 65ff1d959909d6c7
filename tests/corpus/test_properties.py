"""The properties on flows that are at hand: Metaflow's tutorials, the template's, all examples.

`make corpus FOLDER=…` checks them on folders of other people's flows.
"""

from pathlib import Path

import pytest

from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.rules.base import dedent
from tests.corpus.properties import problems

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.slow
def test_tutorials(tutorial):
    assert list(problems(tutorial)) == []


@pytest.mark.slow
@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_all_rules_on_the_examples_of_each(rule, tmp_path):
    for number, example in enumerate((*rule.bad, *rule.good)):
        code = example if isinstance(example, str) else example.code
        file = tmp_path / f"example{number}.py"
        file.write_text(dedent(code), encoding="utf-8")
        assert list(problems(file)) == []


@pytest.mark.slow
def test_this_repository():
    """On a tenth of its files, since each takes a whole run; `make corpus FOLDER=.` takes all."""
    linter = Linter(all_rules())
    files = sorted((ROOT / "lint_rules").rglob("*.py"))[::10]
    for file in [*files, *(ROOT / "demo").rglob("*.py")]:
        assert list(problems(file, linter)) == []
