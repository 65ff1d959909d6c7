"""The README's commands and examples, as they stand."""

import json
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from lint_rules import __version__
from lint_rules.reference.pages import files, pages
from lint_rules.settings.configuration import Configuration

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.process


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands() -> list[str]:
    return [line for block in blocks("sh") for line in block.splitlines() if line]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory) -> dict[str, str]:
    """The environment of somebody new: nothing installed, and the published address served from
    a clone of this checkout as it is."""
    home = tmp_path_factory.mktemp("somebody")
    published = home / "published"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (published / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, published / name)
    venv.create(home / "venv", with_pip=True)
    environment = {
        "HOME": str(home),
        "PATH": f"{home / 'venv/bin'}{os.pathsep}{os.environ['PATH']}",
        **{name: os.environ[name] for name in os.environ if name.startswith(("PIP_", "SSL_"))},
        **{
            f"GIT_{who}_{what}": "x@example.org"
            for who in ("AUTHOR", "COMMITTER")
            for what in ("NAME", "EMAIL")
        },
    }
    for command in (
        "git init -q -b main",
        "git add -A",
        "git commit -q -m Publish",
        f"git tag v{__version__}",
        f"git config --global url.{published}.insteadOf https://github.com/org/template.git",
        f"git config --global --add url.{published}.insteadOf https://github.com/org/template",
    ):
        subprocess.run(command.split(), cwd=published, env=environment, check=True)
    return environment


def test_all_commands_are_known_here():
    assert commands() == [
        "make demo",
        "pip install cookiecutter",
        "cookiecutter gh:org/template",
        "pip install git+https://github.com/org/template",
        "metaflow-lint check flows",
        'metaflow-lint check --add-noqa="before the guide" flows',
        "metaflow-lint check --baseline metaflow-baseline.json --write-baseline flows",
        "metaflow-lint new-rule TEAM001 flow-docstring --folder lint",
        "metaflow-lint graph flows",
        "metaflow-lint report --output-file health.html flows",
        "make test",
    ]


def test_somebody_new_starts_a_project_and_lints_it(fresh, tmp_path):
    def run(command: str, where: Path, **given):
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=where,
            env=fresh,
            capture_output=True,
            text=True,
            timeout=300,
            **given,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("pip install cookiecutter", tmp_path)
    run("cookiecutter gh:org/template", tmp_path, input="\n" * 11)
    run("pip install git+https://github.com/org/template", tmp_path)
    project = tmp_path / "palmer_penguins"
    assert run("metaflow-lint check flows", project) == "All checks passed!\n"
    bad = (ROOT / "demo/taxi_fare_flow.py").read_text(encoding="utf-8")
    (project / "flows/taxi_fare.py").write_text(bad, encoding="utf-8")
    baseline, add_noqa, new_rule = commands()[6], commands()[5], commands()[7]
    run(baseline, project)
    known = json.loads((project / "metaflow-baseline.json").read_text(encoding="utf-8"))
    assert list(known["findings"]) == ["flows/taxi_fare.py"]
    run(add_noqa, project)
    assert run("metaflow-lint check flows", project) == "All checks passed!\n"
    assert run(commands()[8], project).startswith("flowchart LR\n")
    assert run(commands()[9], project) == ""
    assert "The health of palmer_penguins" in (project / "health.html").read_text(encoding="utf-8")
    run(new_rule, project)
    assert len(list((project / "lint").glob("*.py"))) == 2
    hooks = (project / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert '"https://github.com/org/template.git"' in hooks


def test_demo_shows_both_products(tmp_path):
    shown = subprocess.run(
        ["demo/run"],
        cwd=ROOT,
        env={
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "TMPDIR": str(tmp_path),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    assert shown.returncode == 0, shown.stdout
    in_order = [
        "flows/penguin_measurements/flow.py",
        "All checks passed!",
        "executing PenguinMeasurements",
        "Done!",
        "executing PenguinSpeciesClassifier",
        "Done!",
        "MF101",
        "What to do next",
    ]
    position = 0
    for text in in_order:
        position = shown.stdout.index(text, position) + 1


def test_the_finding_shown_is_the_one_that_is_made():
    (shown,) = blocks("text")
    made = subprocess.run(
        [sys.executable, "-m", "lint_rules", "check", "--isolated", "demo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert shown in made.stdout


def test_the_settings_shown_are_accepted(tmp_path):
    (shown,) = blocks("toml")
    (tmp_path / "pyproject.toml").write_text(shown, encoding="utf-8")
    settings = Configuration().for_folder(tmp_path)
    assert settings.project == "arxiv_topics"


def test_the_hook_shown_is_the_one_there_is():
    (shown,) = blocks("yaml")
    assert f"rev: v{__version__}" in shown
    hooks = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"id: (\S+)", shown)) <= set(re.findall(r"id: (\S+)", hooks))


def test_generated_pages_are_in_step_with_the_code():
    docs = ROOT / "docs"
    found = {*docs.glob("settings*"), *docs.glob("rules/*")}
    written = {f.relative_to(docs).as_posix(): f.read_text(encoding="utf-8") for f in found}
    assert written == files(), "run `make docs`"


def test_every_question_of_the_template_is_listed_with_its_answers():
    asked = json.loads((ROOT / "cookiecutter.json").read_text(encoding="utf-8"))
    rows = re.findall(r"^\| (`.*?) \| (.*) \|$", README, re.MULTILINE)
    described = {name: text for names, text in rows for name in re.findall("`([a-z_]+)`", names)}
    for question, answers in asked.items():
        if not question.startswith("_"):
            choices = ["yes", "no"] if answers is True else answers
            listed = re.findall("`([^`]+)`", described[question])
            assert not isinstance(choices, list) or set(choices) <= set(listed), question


def test_links_lead_somewhere():
    for file in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), f"{file}: {target}"


def test_rules_are_listed_as_the_command_lists_them():
    listed = subprocess.run(
        [sys.executable, "-m", "lint_rules", "rules", "--output-format", "json"],
        capture_output=True,
        text=True,
        check=True,
    )
    index = pages()["README.md"]
    assert all(
        f"| {rule['code']} | [{rule['name']}]" in index for rule in json.loads(listed.stdout)
    )


def test_rules_cite_sections_that_the_guide_has():
    guide = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
    sections = set(re.findall(r"^## (.+)$", guide, re.MULTILINE))
    for name, page in pages().items():
        cited = re.findall(r'[Tt]he\s+guide,\s+"([^"]+)"', page)
        assert set(cited) <= sections, name
