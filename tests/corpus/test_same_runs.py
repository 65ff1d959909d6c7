"""Safe fixes of random flows come to an end, and change nothing that a run prints.

`make same-runs` compares hundreds.
"""

import pytest

from tests.corpus import same_runs


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40, 46))
def test_fixes_come_to_an_end(seed, tmp_path):
    folder = tmp_path / "flow"
    same_runs.written(same_runs.files_of(seed), folder)
    fixed = same_runs.fix(folder)
    for text in fixed.values():
        compile(text, "flow.py", "exec")
    assert same_runs.fix(folder) == fixed


@pytest.mark.slow
@pytest.mark.process
def test_a_run_prints_the_same():
    assert same_runs.compare(1) == ""
