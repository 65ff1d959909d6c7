"""Every answer gives a project that is sound, or a sentence that says what to type."""

import ast
import keyword
import re
import runpy
import sys
from pathlib import Path

import pytest
import tomllib
import yaml

from .baking import (
    REPOSITORY,
    BakedProject,
    bake_into,
    cookiecut,
    isolated_environment,
    run,
)

HOSTILE = {
    "quotes": """ "double" 'single' \"\"\" ''' ` """.strip(),
    "backslashes": r"C:\new\table \u0041 \ \\ %s ${HOME} $(id)",
    "braces": "{{ cookiecutter }} {% raw %} {# #} ${{ secrets }} {0}",
    "newlines": "one\ntwo\r\nthree\u2028four\n---\nkey: value\n[table]\n# comment",
    "non-ASCII": "Pingüine 企鵝 пингвин 🐧 👩‍🔬",
    "control characters": "bell\x07 escape\x1b[31m delete\x7f next\x85 null-ish\x01",
    "markup": "<script>alert(1)</script> *a* _b_ [c](d) # e | f & g",
    "a list": "- one",
    "a numbered list": "1. one",
    "long": "very " * 400 + "long",
}
# Given on the command line, answers are templates themselves; typed at the question, they are not.
TYPED = ["<< >> <% if %> <# #> << cookiecutter.author >>", "<%", "<<"]


def assert_sound(project: BakedProject) -> dict:
    """Check that all files can be parsed and Ruff finds nothing; return pyproject.toml."""
    for path in project.files("*.py"):
        ast.parse(path.read_text(encoding="utf-8"))
    for path in [*project.files("*.yaml"), *project.files("*.yml")]:
        yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in project.files("*.md"):
        assert not re.search(r"<<|<%|<#", path.read_text(encoding="utf-8").replace(r"\<", ""))
    project.run("ruff", "check", "--no-cache")
    project.run("ruff", "format", "--check", "--no-cache")
    targets = ["setup", "test", "lint"] + ["run"] * project.file("src/SLUG/penguins.py").exists()
    project.run("make", "--dry-run", *targets)
    return tomllib.loads(project.read("pyproject.toml"))


def test_the_default_project_is_sound(baked: BakedProject):
    settings = assert_sound(baked)
    assert baked.slug == "palmer_penguins"
    assert settings["project"]["name"] == "palmer_penguins"
    assert settings["project"]["requires-python"] == ">=3.11"
    assert settings["project"]["authors"] == [{"name": "The Palmer Penguins authors"}]
    assert settings["tool"]["metaflow-lint"]["project"] == "palmer_penguins"
    assert settings["tool"]["ruff"]["lint"]["external"] == ["MF"]


def test_no_template_syntax_is_left_and_no_file_is_missing(baked: BakedProject):
    assert {path.relative_to(baked.path).parts[0] for path in baked.files()} == {
        ".cookiecutter.json",
        ".devcontainer",
        ".envrc",
        ".github",
        ".gitignore",
        ".pre-commit-config.yaml",
        ".vscode",
        "AGENTS.md",
        "LICENSE",
        "Makefile",
        "README.md",
        "deploy",
        "docs",
        "flows",
        "notebooks",
        "pyproject.toml",
        "src",
        "tests",
        "tools",
    }
    for path in baked.files():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<<|>>|<%|%>|cookiecutter\.(?!json)", text), path


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_gives_a_sound_project(bake, kind: str):
    text = HOSTILE[kind]
    project = bake(project_slug="birds", project_name=text, description=text, author=text)
    settings = assert_sound(project)
    kept = "".join(c for c in " ".join(text.split()) if c.isprintable() or c == "\u200d")
    assert settings["project"]["description"] == kept
    assert settings["project"]["authors"] == [{"name": kept}]
    assert kept in project.read("LICENSE")


@pytest.mark.parametrize("text", TYPED)
def test_template_syntax_can_be_typed(bake, text: str):
    project = bake(typed=[text, "birds", text, text, "1", "3"])
    settings = assert_sound(project)
    assert settings["project"]["description"] == text
    assert settings["project"]["license"] == "BSD-3-Clause"
    assert project.read("LICENSE").count(text) == 1


def rendered(project: BakedProject) -> str:
    """Return the text that a reader of the README sees, without its headings' names and tables."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt().parse(project.read("README.md"))
    # The first heading and the first paragraph.
    inline = [token for token in tokens if token.type == "inline"]
    assert [token.type for token in tokens[:6:3]] == ["heading_open", "paragraph_open"]
    for token in inline[:2]:
        assert {child.type for child in token.children} <= {"text", "text_special"}
    return ["".join(child.content for child in token.children) for token in inline[:2]]


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_readme_shows_hostile_text_as_it_was_given(bake, kind: str):
    text = HOSTILE[kind]
    kept = "".join(c for c in " ".join(text.split()) if c.isprintable() or c == "\u200d")
    assert rendered(bake(project_slug="birds", project_name=text, description=text)) == [kept, kept]


def test_answers_can_be_replayed(tmp_path: Path):
    text = HOSTILE["newlines"] + HOSTILE["quotes"] + HOSTILE["non-ASCII"]
    answers = {
        "project_slug": "birds",
        "project_name": text,
        "description": text,
        "author": text,
    }
    environment = isolated_environment(tmp_path / "home")
    first = bake_into(tmp_path / "first", env=environment, **answers)
    result = cookiecut(
        tmp_path / "second",
        env=environment,
        options=("--replay",),
        no_input=False,
    )
    assert result.returncode == 0, result.stderr
    second = BakedProject(tmp_path / "second" / "birds", environment, "")
    assert [
        second.read(name) == first.read(name) for name in ("pyproject.toml", "README.md", "LICENSE")
    ] == [True] * 3


@pytest.mark.parametrize(
    ("licence", "first_line", "identifier"),
    [
        ("MIT", "MIT License", "MIT"),
        ("Apache-2.0", "                                 Apache License", "Apache-2.0"),
        ("BSD-3-Clause", "BSD 3-Clause License", "BSD-3-Clause"),
        ("Proprietary", "Copyright (c) ", "LicenseRef-Proprietary"),
    ],
)
def test_each_licence_comes_with_its_text(bake, licence: str, first_line: str, identifier: str):
    project = bake(license=licence)
    text = project.read("LICENSE")
    assert text.lstrip("\n").startswith(first_line)
    assert ("The Palmer Penguins authors" in text) is (licence != "Apache-2.0")
    assert tomllib.loads(project.read("pyproject.toml"))["project"]["license"] == identifier
    assert "CC0" in project.read("src/SLUG/data/README.md")


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_each_python_version_gives_a_sound_project(bake, version: str):
    assert (
        assert_sound(bake(python_version=version))["project"]["requires-python"] == f">={version}"
    )


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Straße & Müller", "strasse_muller"),
        ("企鵝", "qi_e"),
        ("A  B--c", "a_b_c"),
        ("Birds 🐧", "birds"),
    ],
)
def test_the_slug_is_derived_from_the_name(bake, name: str, slug: str):
    assert bake(project_name=name).slug == slug


@pytest.mark.parametrize("slug", ["a", "a_", "z9", "a__b", "b" * 128, "x" * 60])
def test_every_good_slug_gives_a_sound_project(bake, slug: str):
    settings = assert_sound(bake(project_slug=slug))
    assert settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [f"src/{slug}"]


REFUSED = {
    "": "start with a letter",
    " ": "start with a letter",
    "Birds": "lowercase",
    "my birds": "lowercase",
    "my-birds": "lowercase",
    "9birds": "start with a letter",
    "_birds": "start with a letter",
    "bïrds": "lowercase",
    "birds\n": "lowercase",
    "birds\u0660": "lowercase",
    ".": "lowercase",
    "..": "lowercase",
    "a/b": "lowercase",
    "../birds": "lowercase",
    "a\\b": "lowercase",
    "$(touch x)": "lowercase",
    '"""': "lowercase",
    "'''": "lowercase",
    "🐧": "lowercase",
    "b" * 129: "128",
    "b" * 5000: "128",
    "class": "keyword",
    "match": "keyword",
    "type": "keyword",
    "json": "standard library",
    "test": "standard library",
    "statistics": "standard library",
    "metaflow": "the project itself uses",
    "metaflow_lint": "the project itself uses",
    "lint_rules": "the project itself uses",
    "pytest": "the project itself uses",
    "pre_commit": "the project itself uses",
    "ruff": "the project itself uses",
    "boto3": "the project itself uses",
    "kubernetes": "the project itself uses",
    "requests": "the project itself uses",
    "tests": "the project itself uses",
    "flows": "the project itself uses",
    "flow": "the project itself uses",
}


@pytest.mark.parametrize("slug", REFUSED)
def test_a_slug_that_will_not_do_is_refused_and_leaves_nothing(tmp_path: Path, slug: str):
    folder = tmp_path / "deep" / "projects"
    result = cookiecut(folder, project_slug=slug)
    assert result.returncode != 0
    (sentence,) = [line for line in result.stderr.splitlines() if line.startswith("project_slug ")]
    assert REFUSED[slug] in sentence
    assert "type another one, such as palmer_penguins" in sentence
    assert len(sentence) < 400
    assert [
        path for path in tmp_path.rglob("*") if not path.is_relative_to(tmp_path / "deep" / "home")
    ] == [
        tmp_path / "deep",
        folder,
    ]


def test_every_keyword_and_module_of_python_is_refused():
    """Asks the hook's own function: baking some 350 times would take minutes."""
    hook = runpy.run_path(str(REPOSITORY / "hooks" / "pre_gen_project.py"))
    names = {*keyword.kwlist, *keyword.softkwlist, *sys.stdlib_module_names}
    assert [name for name in names if hook["slug_fault"](name) is None] == []


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (
            {"project_name": "", "project_slug": "birds"},
            "type what the project is called",
        ),
        (
            {"project_name": "\x07", "project_slug": "birds"},
            "type what the project is called",
        ),
        ({"author": " \n "}, "type a person, a team or a company"),
        ({"project_name": "🐧"}, "type another one"),
    ],
)
def test_an_answer_that_is_needed_and_empty_is_refused(
    tmp_path: Path, answers: dict, sentence: str
):
    result = cookiecut(tmp_path / "projects", **answers)
    assert result.returncode != 0
    assert sentence in result.stderr
    assert list((tmp_path / "projects").iterdir()) == []


@pytest.mark.parametrize("datastore", ["azure", "gs"])
def test_step_functions_keep_results_in_s3_only(tmp_path: Path, datastore: str):
    result = cookiecut(tmp_path / "projects", scheduler="step-functions", datastore=datastore)
    assert result.returncode != 0
    assert "Choose datastore s3 or another scheduler" in result.stderr
    assert list((tmp_path / "projects").iterdir()) == []


def test_without_examples_the_project_is_sound_and_has_no_penguins(bake):
    project = bake(project_name="Ours", author="Us", example_flows="no")
    assert_sound(project)
    assert project.files("flows/*") == [project.file("flows/.gitkeep")]
    for path in project.files():
        assert not re.search("(?i)penguin", f"{path} {path.read_text(encoding='utf-8')}")
    project.run("metaflow-lint", "check")
    assert " passed" in project.python("-m", "pytest", "-q").stdout


def test_a_bare_project_grows_by_the_readmes_first_flow(bake):
    project = bake(example_flows="no")
    for name in re.findall("make flow name=(prime_[a-z]+s)\n", project.read("README.md")):
        project.python("tools/new_flow.py", name)
    assert [path.parent.name for path in project.files("flow.py")] == [
        "prime_gaps",
        "prime_numbers",
    ]
    assert_sound(project)
    project.run("metaflow-lint", "check")
    assert "14 passed" in project.python("-m", "pytest", "-q").stdout
    (example,) = re.findall(r"```python\n(.*?)```", project.read("README.md"), re.DOTALL)
    project.flow("prime_numbers", "run")
    assert project.python("-c", example).stdout == "{'count': 10}\n"


@pytest.mark.parametrize("option", ["--overwrite-if-exists", "--skip-if-file-exists"])
def test_a_file_that_the_answers_leave_out_is_never_removed_from_a_folder(
    tmp_path: Path, option: str
):
    folder = tmp_path / "projects"
    mine = folder / "palmer_penguins" / "flows" / "penguin_measurements" / "flow.py"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    result = cookiecut(folder, options=("--overwrite-if-exists", option), example_flows="no")
    assert result.returncode != 0
    assert "flows/penguin_measurements/flow.py is there already" in result.stderr
    assert [path for path in folder.rglob("*") if path.is_file()] == [mine]


def test_no_description_is_fine(bake):
    project = bake(description="")
    assert assert_sound(project)["project"]["description"] == ""
    assert "# Palmer Penguins\n\n## Start" in project.read("README.md")


def test_only_the_example_is_said_to_measure_penguins(bake):
    assert "Measures the penguins" in bake().read("README.md")
    project = bake(project_name="Owl Songs", example_flows="no")
    assert "# Owl Songs\n\n## Start" in project.read("README.md")


def test_a_folder_that_is_in_the_way_is_left_alone(tmp_path: Path):
    folder = tmp_path / "projects"
    precious = folder / "palmer_penguins" / "precious.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("mine")
    assert cookiecut(folder).returncode != 0
    assert [path for path in folder.rglob("*") if path.is_file()] == [precious]


@pytest.mark.parametrize("version", ["2.5.0"])
def test_an_older_cookiecutter_is_refused(tmp_path: Path, version: str):
    environment = isolated_environment(tmp_path / "home")
    run(sys.executable, "-m", "venv", tmp_path / "old", cwd=tmp_path, env=environment)
    python = tmp_path / "old" / "bin" / "python"
    run(
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        f"cookiecutter=={version}",
        cwd=tmp_path,
        env=environment,
    )
    result = cookiecut(tmp_path / "projects", python=python)
    assert result.returncode != 0
    assert f"This template needs Cookiecutter 2.6 or newer and was given {version}" in result.stderr
    assert "pip install --upgrade cookiecutter" in result.stderr
    assert list((tmp_path / "projects").iterdir()) == []


def test_the_oldest_cookiecutter_that_is_supported_bakes(tmp_path: Path):
    environment = isolated_environment(tmp_path / "home")
    run(sys.executable, "-m", "venv", tmp_path / "old", cwd=tmp_path, env=environment)
    python = tmp_path / "old" / "bin" / "python"
    run(
        python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "cookiecutter==2.6.0",
        cwd=tmp_path,
        env=environment,
    )
    assert_sound(bake_into(tmp_path / "projects", python=python))
