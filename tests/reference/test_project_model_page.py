"""The page on the project model: its example, and what the commands in it say."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "project-model.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_commands_say_what_the_page_shows(folder):
    folder.write("pyproject.toml", "")
    for block in blocks("python"):
        name = re.match(r"# (\S+\.py)\n", block)[1]
        folder.write(name, block)
    calls = [call for block in blocks("console") for call in block.split("$ ") if call]
    assert len(calls) == 4
    for call in calls:
        command, _, shown = call.partition("\n")
        program, *words = shlex.split(command)
        assert program == "metaflow-lint"
        assert folder.lint(*words).out == shown


def test_the_page_is_linked():
    for file in ("README.md", "docs/design.md"):
        assert "project-model.md" in (ROOT / file).read_text(encoding="utf-8"), file
