"""Flows in files of tests are the material of the tests."""

import pytest

SMALL = """\
from metaflow import FlowSpec, step


def help_it():
    return 1


class SmallFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass
"""
OF_FLOWS = ["MF003", "MF005", "MF101", "MF201", "MF302"]


@pytest.mark.parametrize("name", ["test_linking.py", "linking_test.py", "conftest.py"])
def test_they_are_not_held_to_the_guide(folder, name):
    folder.write(name, SMALL)
    assert folder.codes("--isolated", "--select", ",".join(OF_FLOWS)) == []


@pytest.mark.parametrize("name", ["flow.py", "testing.py"])
def test_others_are(folder, name):
    folder.write(name, SMALL)
    found = {line.split()[1] for line in folder.codes("--isolated", "--select", ",".join(OF_FLOWS))}
    assert sorted(found) == OF_FLOWS


def test_a_flow_with_a_test_s_name_that_starts_itself_is_a_flow(folder):
    folder.write("test_run.py", f'{SMALL}\n\nif __name__ == "__main__":\n    SmallFlow()\n')
    assert folder.codes("--isolated", "--select", "MF101") == ["test_run.py:8 MF101"]
