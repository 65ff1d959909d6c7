"""Metaflow refuses what the rules on loading report, or a run fails; it takes what they do not."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lint_rules.engine.registry import all_rules
from lint_rules.metaflow import facts
from lint_rules.rules.base import Bad, Good, dedent
from lint_rules.testing import diagnose
from tools.metaflow_facts.constructs import CONSTRUCTS

RULES = {rule.code: rule for rule in all_rules()}
pytestmark = pytest.mark.process

JUDGED = (
    "MF410",
    "MF411",
    "MF412",
    "MF416",
    "MF417",
    "MF815",
    "MF816",
    "MF817",
    "MF818",
    "MF822",
    "MF825",
)
RUN = '\n\nif __name__ == "__main__":\n    {}()\n'


class Commands:
    """Runs commands of flows."""

    def __init__(self, folder: Path) -> None:
        home = {"HOME": str(folder), "METAFLOW_HOME": str(folder), "METAFLOW_USER": "somebody"}
        kept = {k: v for k, v in os.environ.items() if not k.startswith("METAFLOW")}
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.agreement.forked"],
            cwd=Path(__file__).parents[2],
            env=kept | home,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def fails(self, code: str, *commands: str) -> str:
        """What the first of some commands that fails writes, empty if none does."""
        file = self._folder / "flow.py"
        name = re.findall(r"^class (\w+)\(\w*FlowSpec|^class (\w+)\(Sized", code, re.MULTILINE)[-1]
        file.write_text(code + RUN.format("".join(name)), encoding="utf-8")
        for command in commands:
            self._process.stdin.write(json.dumps([str(file), ["--no-pylint", command]]) + "\n")
            self._process.stdin.flush()
            status, said = json.loads(self._process.stdout.readline())
            if status:
                return said or "it failed"
        return ""

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=30)


@pytest.fixture(scope="module")
def metaflow(tmp_path_factory):
    commands = Commands(tmp_path_factory.mktemp("flows"))
    yield commands
    commands.close()


def _examples(kind):
    for code in JUDGED:
        for number, example in enumerate(getattr(RULES[code], kind)):
            given = Good(example) if isinstance(example, str) else example
            imports = set(re.findall(r"^(?:from|import) (\w+)", given.code.strip(), re.MULTILINE))
            imports |= set(re.findall(r"^\s+(?:from|import) (\w+)", given.code, re.MULTILINE))
            if imports <= {"metaflow", "functools"} and "checkpoint" not in given.code:
                yield pytest.param(given, id=f"{code}-{number}")


@pytest.mark.parametrize("bad", list(_examples("bad")))
def test_metaflow_does_not_run_the_bad_example(bad: Bad, metaflow):
    assert metaflow.fails(dedent(bad.code), "check", "run")
    if bad.fixed is not None:
        assert not metaflow.fails(dedent(bad.fixed), "check")


@pytest.mark.parametrize("good", list(_examples("good")))
def test_metaflow_takes_the_good_example(good: Good, metaflow):
    assert not metaflow.fails(dedent(good.code), "check")


OF_ANOTHER_RULE = {"resources memory as text"}


@pytest.mark.parametrize("scheduler", ["argo-workflows", "step-functions", "airflow"])
def test_undeployable_is_what_compiling_shows(scheduler):
    answers = facts().schedulers[scheduler]
    expected = {name: answer.answer != "accepted" for name, answer in answers.items()}
    found = {
        name: bool(diagnose(RULES["MF819"], CONSTRUCTS[name].source(), {"scheduler": scheduler}))
        for name in answers
    }
    for name in OF_ANOTHER_RULE:
        del expected[name], found[name]
    assert found == expected
