"""Every pair of answers gives a project that is sound, with nothing of answers not chosen."""

import ast
import json
import re
from itertools import combinations, product
from pathlib import Path

import pytest
import tomllib
import yaml

from .baking import REPOSITORY, BakedProject, cookiecut, isolated_environment

ASKED = json.loads(REPOSITORY.joinpath("cookiecutter.json").read_text(encoding="utf-8"))
CHOICES = {
    question: [True, False] if answers is True else answers
    for question, answers in ASKED.items()
    if not question.startswith("_") and isinstance(answers, list | bool)
}
REFUSED = [
    {"scheduler": "step-functions", "datastore": "azure"},
    {"scheduler": "step-functions", "datastore": "gs"},
]


def makes_sense(answers: dict) -> bool:
    return not any(refused.items() <= answers.items() for refused in REFUSED)


def pairs(answers: dict) -> set:
    return set(combinations(answers.items(), 2))


def cover(combined: list[dict]) -> list[dict]:
    """Choose few of the combinations that hold every pair of answers that any of them holds.

    Greedily: always the one with most pairs that none before it has.
    """
    missing = set().union(*map(pairs, combined))
    chosen = []
    while missing:
        chosen.append(max(combined, key=lambda answers: len(pairs(answers) & missing)))
        missing -= pairs(chosen[-1])
    return chosen


BAKED = cover(
    [
        answers
        for row in product(*CHOICES.values())
        if makes_sense(answers := dict(zip(CHOICES, row, strict=True)))
    ]
)

# Where an answer would be named in what people read and tools run, and by which words.
SAID = [
    "README.md",
    "Makefile",
    "pyproject.toml",
    "docs/environment.md",
    ".gitlab-ci.yml",
    ".github",
]
WORDS = {
    ("scheduler", "argo-workflows"): r"\bArgo\b|argo-workflows (create|trigger)",
    ("scheduler", "step-functions"): r"Step Functions|step-functions (create|trigger)",
    ("datastore", "s3"): r"\bS3\b|\bboto3\b|=s3\b",
    ("datastore", "azure"): r"(?i)azure",
    ("datastore", "gs"): r"(?i)google|=gs\b|_GS\b",
    ("environment", "uv"): r"\buv\b",
    ("environment", "pip"): r"pip install (-e|--quiet --editable)|@pypi",
    ("ci", "github"): r"GitHub Actions",
    ("ci", "gitlab"): r"GitLab",
    ("example_flows", True): r"(?i)penguin",
}


def test_questions_are_asked_in_words():
    """A licence and a version are words already; what is theirs to explain is explained."""
    prompts = ASKED["__prompts__"]
    for question in [name for name in ASKED if not name.startswith("_")]:
        words = prompts[question]
        text = words if isinstance(words, str) else words.pop("__prompt__")
        assert len(text.split()) >= 3, question
        if question in CHOICES and isinstance(words, dict) and question != "license":
            assert list(words) == CHOICES[question], question


def test_every_pair_of_answers_is_baked_or_refused():
    for one in CHOICES:
        for other in set(CHOICES) - {one}:
            for pair in ({one: a, other: b} for a in CHOICES[one] for b in CHOICES[other]):
                baked = any(pair.items() <= answers.items() for answers in BAKED)
                assert baked is makes_sense(pair), pair


@pytest.mark.parametrize("answers", REFUSED, ids=lambda answers: "-".join(answers.values()))
def test_what_makes_no_sense_is_refused_with_a_reason(tmp_path: Path, answers: dict):
    result = cookiecut(tmp_path / "projects", **answers)
    assert result.returncode != 0
    assert "Step Functions needs results in S3" in result.stderr
    assert list((tmp_path / "projects").iterdir()) == []


@pytest.mark.parametrize("answers", BAKED, ids=lambda answers: "-".join(map(str, answers.values())))
def test_every_pair_of_answers_gives_a_sound_project(tmp_path: Path, answers: dict):
    given = {question: str(answer) for question, answer in answers.items()}
    result = cookiecut(
        tmp_path / "projects", project_name="Ours", author="Us", description="", **given
    )
    assert result.returncode == 0, result.stderr
    environment = isolated_environment(tmp_path / "home")
    project = BakedProject(tmp_path / "projects" / "ours", environment, "")
    texts = {str(path.relative_to(project.path)): path.read_text() for path in project.files()}
    assert_readable(texts)
    assert_nothing_of_other_answers(texts, answers)
    assert_metaflow_knows_its_settings(texts)
    assert_extras_exist(texts)
    for name, text in texts.items():
        if name.endswith(".md"):
            assert_leads_somewhere(project, name, text)
    project.run("make", "--dry-run", "setup", "test", "lint")
    project.run("ruff", "check", "--no-cache")
    project.run("ruff", "format", "--check", "--no-cache")
    project.run("metaflow-lint", "check")


def assert_readable(texts: dict[str, str]) -> None:
    """Check that tools can read what is written for them, and nothing is left unrendered."""
    for name, text in texts.items():
        if name.endswith(".py"):
            ast.parse(text)
        if name.endswith(".toml"):
            tomllib.loads(text)
        if name.endswith((".json", ".ipynb")):
            json.loads(text)
        if name.endswith((".yaml", ".yml")):
            yaml.safe_load(text)
        assert not re.search(r"<<|<%|%>|<#", text), name
        assert text.endswith("\n") or not text, name
        if name.endswith((".md", ".toml", ".yaml", ".yml", ".envrc", "Makefile")):
            prose = re.sub(r"(?s)```.*?```", "code", text)
            assert not re.search(r"\n{3,}|[ \t]+\n", prose), f"{name}: lines or spaces too many"


def assert_nothing_of_other_answers(texts: dict[str, str], answers: dict) -> None:
    for (question, answer), words in WORDS.items():
        if answers[question] == answer:
            continue
        # Other words stand also in what is the same for all.
        read = [*SAID, "flows", "src", "tests"] if question == "example_flows" else SAID
        for name, text in texts.items():
            if name.startswith(tuple(read)):
                found = re.search(words, f"{name}\n{text}")
                assert not found, f"{name} says {found and found[0]!r}, which is of {answer}"
    assert (".gitlab-ci.yml" in texts) <= (answers["ci"] == "gitlab")
    assert any(name.startswith(".github/") for name in texts) <= (answers["ci"] == "github")


def assert_metaflow_knows_its_settings(texts: dict[str, str]) -> None:
    """Check each `METAFLOW_…` and `--datastore` that is written anywhere against Metaflow's own."""
    from metaflow import metaflow_config
    from metaflow.plugins import DATASTORES

    others = {"USER", "PROFILE", "HOME", "TOKEN_HOME", "PACKAGE_POLICY"}
    stores = {store.TYPE for store in DATASTORES}
    for name, text in texts.items():
        for setting in re.findall(r"\bMETAFLOW_([A-Z0-9_]+)\b", text):
            assert setting in others or hasattr(metaflow_config, setting), f"{name}: {setting}"
        for store in re.findall(r"--datastore[= ](\w+)", text):
            assert store in stores, f"{name}: {store}"


def assert_extras_exist(texts: dict[str, str]) -> None:
    extras = tomllib.loads(texts["pyproject.toml"])["project"]["optional-dependencies"]
    for name, text in texts.items():
        for extra in re.findall(r"(?<![\w\])])\.\[(\w[\w-]*)\]|--extra[= ](\w[\w-]*)", text):
            assert "".join(extra) in extras, f"{name}: {extra}"


def assert_leads_somewhere(project: BakedProject, name: str, text: str) -> None:
    """Check that links lead to files, and commands to targets of the Makefile."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert project.file(name).parent.joinpath(target).exists(), f"{name}: {target}"
    for path in re.findall(r"`((?:docs|src|tests|tools)/[\w./-]+\.\w+)`", text):
        assert project.file(path).exists() or "prime_" in path, f"{name}: {path}"
    targets = re.findall(r"(?m)^([a-z-]+):", project.read("Makefile"))
    for target in re.findall(r"(?m)(?:^|`)make ([a-z-]+)", text):
        assert target in targets, f"{name}: make {target}"
