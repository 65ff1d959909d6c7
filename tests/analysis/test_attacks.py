"""Texts that are made to take long: the work grows with their size, and ends."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.settings.options import Settings
from lint_rules.workspace.source import Source
from tests.analysis.attacks import ATTACKS

LIMITED = {
    "appended_to_one",
    "artifacts_in_a_chain",
    "artifacts_in_a_circle",
    "classes_in_a_chain",
    "mixins_of_mixins",
    "puts_of_puts",
    "unknown_artifacts",
    "unknown_steps",
}
"""Work that grows with the square of the size up to a limit, and not beyond it."""

SIZES = {
    "f_strings": 19,
    "doubled_f_strings_of_a_step": 60,
    "long_numbers": 400,
    "doubled_texts": 18,
    "keys_of_keys": 30,
    "classes_in_a_chain": 900,
    "mixins_of_mixins": 900,
    "calls_of_calls": 60,
    "calls_with_other_arguments": 60,
    "calls_of_methods": 600,
    "doubled_tuples": 60,
    "nested_lists": 6000,
    "appended_lists": 1500,
    "appended_to_one": 1000,
    "methods_of_texts": 400,
    "conditionals": 800,
    "sums": 340,
    "unions": 340,
    "comprehensions": 900,
    "zipped": 40,
    "artifacts_in_a_chain": 3800,
    "artifacts_in_a_circle": 1000,
    "switches_back": 600,
    "unknown_steps": 1100,
    "unknown_artifacts": 1200,
    "parameters": 3500,
    "late_imports": 3000,
    "shell_commands": 13000,
    "deleted_artifacts": 2000,
    "puts_of_puts": 900,
    "split_steps": 1500,
    "helpers_in_a_chain": 1500,
    "flows_in_a_file": 600,
    "itself": 1000,
}
"""Of texts below 100 KB, which took an older linter ten seconds and more, or all memory."""

MOST_SECONDS = 10
"""Of the processor's time, on a slow machine; it takes some one."""


@pytest.fixture
def linter():
    return Linter(all_rules())


def check(linter, folder, text):
    return linter.check(Source(folder / "flow.py", text), Settings(select=("ALL",)))


def counted(work: Callable[[], object]) -> int:
    """How many functions are called to do some work: as many on each machine."""
    count = 0

    def called(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    known = sys.getprofile()
    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(known)
    return count


def calls(folder: Path, text: str) -> int:
    """How many functions are called to check a text."""
    linter = Linter(all_rules())
    count = counted(lambda: check(linter, folder, text))
    assert not linter.incidents.failures
    return count


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_work_grows_with_the_size(name, tmp_path):
    make, size = ATTACKS[name], 200 if name in LIMITED else 40
    calls(tmp_path, make(3))  # imports and caches
    assert calls(tmp_path, make(2 * size)) <= 2.5 * calls(tmp_path, make(size))


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_it_ends_soon(name, linter, tmp_path):
    text = ATTACKS[name](SIZES[name])
    assert len(text) < 150_000
    begun = time.process_time()
    check(linter, tmp_path, text)
    assert time.process_time() - begun < MOST_SECONDS
    assert not linter.incidents.failures


def test_what_is_not_known_is_noted(linter, tmp_path):
    found = check(linter, tmp_path, ATTACKS["artifacts_in_a_circle"](1000))
    (note,) = linter.incidents.notes
    assert note.startswith(f"{tmp_path / 'flow.py'}: `m")
    assert note.endswith("` is too complex to be looked at whole.")
    assert {diagnostic.code for diagnostic in found} >= {"MF401", "MF302"}


def test_a_flow_that_inherits_too_much_is_noted(linter, tmp_path):
    check(linter, tmp_path, ATTACKS["classes_in_a_chain"](101))
    path = tmp_path / "flow.py"
    assert linter.incidents.notes == [
        f"{path}: the flow `A100` inherits too much to be looked at whole."
    ]


def test_flows_of_usual_size_leave_no_notes(linter, tmp_path):
    for name in ("classes_in_a_chain", "switches_back", "parameters", "appended_to_one"):
        check(linter, tmp_path, ATTACKS[name](20))
    assert not linter.incidents.notes
