"""The comparison on real flows: what it loads, what it counts, and what it lets files do."""

import pytest

from tests.agreement import loading
from tests.agreement.real_flows import compared, files, main

pytestmark = pytest.mark.process

FINE = """\
from metaflow import FlowSpec, step


class Flow(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    Flow()
"""
REFUSED = FINE.replace("self.next(self.end)", "self.next(self.ende)")
PARAMETERS = "    p = Parameter('p', {})\n\n    @step\n    def start"
PARAMETER = FINE.replace("import ", "import Parameter, ").replace(
    "    @step\n    def start", PARAMETERS.format("unknown=1")
)


@pytest.fixture
def checkout(tmp_path):
    def write(text, name="flow.py"):
        file = tmp_path / "repository" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        return file

    return write


def figures(file, tmp_path):
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    counts, differences = compared(file, file.parent, home)
    return dict(counts), [(d.kind, d.what) for d in differences]


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        (FINE, {"flows": 1, "refused": 0, "agreed": 1}),
        (REFUSED, {"flows": 1, "refused": 1, "agreed": 1}),
        (PARAMETER, {"flows": 1, "refused": 1, "agreed": 1}),
        (FINE.replace("(FlowSpec)", "(FlowSpec, 1)"), {"not loaded": 1}),
        (f"raise SystemExit(0)\n{FINE}", {"not loaded": 1}),
        (f"import os\nos._exit(0)\n{FINE}", {"not loaded": 1}),
        (REFUSED.replace("    Flow()\n", "    pass\n"), {"flows": 1, "refused": 1, "agreed": 1}),
        (
            FINE.replace("self.next(self.end)", "self.next(self.end, num_parallel=2)").replace(
                "    @step\n    def end", "    @own.torchrun\n    @step\n    def end"
            ),
            {"not loaded": 1},
        ),
    ],
)
def test_what_is_counted(checkout, tmp_path, text, counted):
    assert figures(checkout(text), tmp_path) == (counted, [])


def test_packages_that_are_not_installed_accept_anything(checkout, tmp_path):
    text = (
        "import numpy.linalg as la\nfrom torch import nn\nfrom metaflow import torchrun\n"
        "from helper import value\nassert value == 1\n"
        "class Net(nn.Module):\n    size = nn.Linear(2, 3) + 1\n"
        "@nn.wrap(a=1)\ndef plain(): pass\nwith la.open() as x: x[0] = x.y.z\n"
    )
    checkout("value = 1\n", "helper.py")
    assert figures(checkout(text + FINE), tmp_path)[0]["agreed"] == 1


def test_what_a_stand_in_decorates_is_not_judged(checkout, tmp_path):
    text = FINE.replace("import ", "import torchrun, ")
    text = text.replace("self.next(self.end)", "self.next(self.work, num_parallel=2)")
    work = (
        "    @torchrun\n    @step\n    def work(self):\n        self.next(self.join)\n\n"
        "    @step\n    def join(self, inputs):\n        self.next(self.end)\n\n"
    )
    text = text.replace("    @step\n    def end", f"{work}    @step\n    def end")
    assert figures(checkout(text), tmp_path) == ({"unknown": 1}, [])


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "open('written', 'w')",
        "import os; os.mkdir('made')",
        "import os; os.remove(__file__)",
    ],
)
def test_nothing_leaves_the_process(checkout, tmp_path, attempt):
    file = checkout(f"{attempt}\n{FINE}")
    home = tmp_path / "home"
    home.mkdir()
    loaded = loading.load(file, file.parent, home)
    assert "PermissionError" in loaded.error
    assert [path.name for path in file.parent.iterdir()] == ["flow.py"]


def test_a_file_that_does_not_end_is_given_up(checkout, tmp_path, monkeypatch):
    monkeypatch.setattr(loading, "SECONDS", 1)
    file = checkout(f"while True: pass\n{FINE}")
    assert "does not end" in loading.load(file, file.parent, tmp_path).error


def test_the_command_prints_differences_and_figures(checkout, tmp_path, capsys, monkeypatch):
    checkout(FINE)
    checkout(REFUSED, "refused.py")
    checkout("class Other: pass\n", "other.py")
    assert [file.name for file in files(tmp_path / "repository")] == ["flow.py", "refused.py"]
    assert main([tmp_path]) == 0
    assert (
        "1 repositories, 2 flows, of which Metaflow refuses 1: 2 agreed" in capsys.readouterr().out
    )
    monkeypatch.setattr("tests.agreement.real_flows.reports", lambda file: [])
    assert main([tmp_path]) == 0
    output = capsys.readouterr().out
    assert output.startswith(f"missed: {tmp_path / 'repository' / 'refused.py'}: Flow: ")
    assert "1 missed" in output
