"""The comparison of people's flows before and after safe fixes sees what differs.

`make public-fixes` compares the checkouts that it is given.
"""

import textwrap

import pytest

from tests.agreement.loading import load
from tests.corpus import public_fixes

FLOW = """
from metaflow import FlowSpec, Parameter, step


class PaperTopics(FlowSpec):
    year = Parameter("year", default=2024)

    @step
    def start(self):
        import random
        self.papers = ["a", "b"]
        self.chance = random.random()
        self.next(self.count, foreach="papers")

    @step
    def count(self):
        self.size = len(self.input)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.total = sum(i.size for i in inputs)
        self.next(self.end)

    @step
    def end(self):
        print(self.total)


if __name__ == "__main__":
    PaperTopics()
"""


def checkout(folder, text=FLOW):
    folder.mkdir(parents=True)
    file = folder / "flow.py"
    file.write_text(textwrap.dedent(text).lstrip())
    return file


@pytest.mark.slow
@pytest.mark.process
def test_a_flow_that_runs_is_compared(tmp_path):
    file = checkout(tmp_path / "theirs")
    before = file.read_bytes()
    (tmp_path / "scratch").mkdir()
    counts, found = public_fixes.compared(file.parent, tmp_path / "scratch")
    assert found == []
    assert counts == {"files": 1, "fixed": 1, "loaded": 1, "run": 1, "different": 0}
    assert file.read_bytes() == before


@pytest.mark.slow
@pytest.mark.process
def test_another_value_is_seen(tmp_path):
    old = checkout(tmp_path / "old")
    new = checkout(tmp_path / "new", FLOW.replace("len(self.input)", "2 * len(self.input)"))
    assert public_fixes.changed_artifacts(old, new, tmp_path) == ["end", "join", "count"]


@pytest.mark.process
@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("self.next(self.join)", "self.next(self.end)", "PaperTopics, step count"),
        ("default=2024", "default=2025", "PaperTopics, parameter year"),
        ("    @step\n    def join", "    @retry\n    @step\n    def join", "step join, @retry"),
        ("class PaperTopics", "class Topics", "the flow PaperTopics is gone"),
        ("import random", "pass", ""),
    ],
)
def test_another_shape_is_seen(old, new, seen, tmp_path):
    text = FLOW.replace("FlowSpec, Parameter, step", "FlowSpec, Parameter, retry, step")
    files = [checkout(tmp_path / "old", text), checkout(tmp_path / "new", text.replace(old, new))]
    loaded = [load(file, file.parent, tmp_path) for file in files]
    found = public_fixes.differences(*loaded)
    assert seen in " ".join(found)
    assert bool(found) == bool(seen)


@pytest.mark.process
def test_the_folder_of_a_copy_is_no_difference(tmp_path):
    text = FLOW.replace("default=2024", "default=__file__")
    files = [checkout(tmp_path / name, text) for name in ("old", "new")]
    loaded = [load(file, file.parent, tmp_path) for file in files]
    assert loaded[0].verdicts[0].shape != loaded[1].verdicts[0].shape
    assert public_fixes.differences(*loaded) == []
