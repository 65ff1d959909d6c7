"""Every answer gives a project that is sound, or a sentence that says what to type."""

import ast
import json
import keyword
import re
import runpy
import sys
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pytest
import tomllib
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .baking import (
    REPOSITORY,
    BakedProject,
    bake_into,
    cookiecut,
    isolated_environment,
    make_environment,
)

# Signs of the template, none of which begins code.
ALMOST_CODE = "a < < b >> c %> d #> e {{ f }} {% g %} {# h #} < < i, <\\<"
HOSTILE = {
    "quotes": """ "double" 'single' \"\"\" ''' ` """.strip(),
    "backslashes": r"C:\new\table \u0041 \ \\ %s ${HOME} $(id)",
    "braces": "{{ cookiecutter }} {% raw %} {# #} ${{ secrets }} {0}",
    "newlines": "one\ntwo\r\nthree\u2028four\n---\nkey: value\n[table]\n# comment",
    "non-ASCII": "Pingüine 企鵝 пингвин 🐧 👩‍🔬",
    "control characters": "bell\x07 escape\x1b[31m delete\x7f next\x85 null-ish\x01",
    "markup": "<script>alert(1)</script> *a* _b_ [c](d) # e | f & g",
    "Make": "$(shell touch PWN) $$(touch PWN) `touch PWN` ; touch PWN # %: a\\\n\t@touch PWN",
    "YAML": "!!python/object/apply:os.system ['touch PWN'] &a *a : - ? | > @ ` {a: [b",
    "TOML": 'a"]\n[tool.x]\n"""\\U0010ffff\\',
    "line ends": "a\x0bb\x0cc\x1cd\x1de\x1ef\x85g\u2028h\u2029i\rj",
    "invisible": "a\u202eb\u2066c\u200bd\ufeffe",
    "almost code": ALMOST_CODE,
    "a list": "- one",
    "a numbered list": "1. one",
    "long": "very " * 400 + "long",
}
HOOK = runpy.run_path(str(REPOSITORY / "hooks" / "pre_gen_project.py"))
# Given on the command line, answers are templates themselves; typed at the question, they are not.
CODE = ["a << b", "<< 7*7 >>", "x <% if y", "<# z #>", "<\x07<", "<<<"]


def kept(text: str) -> str:
    """Return what a project keeps of an answer: one line, without control characters."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", "", " ".join(text.split()))


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
    assert settings["project"]["description"] == kept(text)
    assert settings["project"]["authors"] == [{"name": kept(text)}]
    assert kept(text) in project.read("LICENSE")
    assert json.loads(project.read(".cookiecutter.json"))["author"] == kept(text)
    assert project.files("PWN") == []


def test_template_syntax_that_begins_nothing_can_be_typed(bake):
    project = bake(typed=[ALMOST_CODE, "birds", ALMOST_CODE, ALMOST_CODE, "1", "3"])
    settings = assert_sound(project)
    assert settings["project"]["description"] == ALMOST_CODE
    assert settings["project"]["license"] == "BSD-3-Clause"
    assert project.read("LICENSE").count(ALMOST_CODE) == 1


@pytest.mark.parametrize("text", CODE)
@pytest.mark.parametrize("question", ["project_name", "description", "author"])
def test_template_syntax_that_would_run_at_an_update_is_refused(
    tmp_path: Path, question: str, text: str
):
    answers = {"project_name": "Birds", "project_slug": "birds", "description": "", "author": "Us"}
    typed = list((answers | {question: text}).values())
    result = cookiecut(tmp_path / "projects", typed=typed)
    assert result.returncode != 0
    begin = text.replace("\x07", "")[text.index("<") :][:2]
    assert f"{question} contains {begin}, which starts code in the template" in result.stderr
    assert "remove it" in result.stderr
    assert list((tmp_path / "projects").iterdir()) == []


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
    project = bake(project_slug="birds", project_name=text, description=text)
    assert rendered(project) == [kept(text), kept(text)]


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
    "metaflow": "that the project uses",
    "metaflow_lint": "that the project uses",
    "lint_rules": "that the project uses",
    "pytest": "that the project uses",
    "pre_commit": "that the project uses",
    "ruff": "that the project uses",
    "boto3": "that the project uses",
    "kubernetes": "that the project uses",
    "requests": "that the project uses",
    "tests": "a folder of the project",
    "flows": "a folder of the project",
    "deploy": "a folder of the project",
    "docs": "a folder of the project",
    "notebooks": "a folder of the project",
    "src": "a folder of the project",
    "flow": "that the project uses",
    "project_flows": "that the project uses",
    "test_tables": "that the project uses",
    "numpy": "would hide it",
    "pandas": "would hide it",
    "con": "a device on Windows",
    "lpt1": "a device on Windows",
}
PROPOSED = {
    "": "palmer_penguins",
    "🐧": "palmer_penguins",
    "Birds": "birds",
    "my birds": "my_birds",
    "my-birds": "my_birds",
    "bïrds": "birds",
    "9birds": "project_9birds",
    "../birds": "birds",
    "class": "class_project",
    "numpy": "numpy_project",
    "test": "project_test",  # there is a tests/test_project.py
    "docs": "docs_project",
}


@pytest.mark.parametrize("slug", REFUSED)
def test_a_slug_that_will_not_do_is_refused_and_leaves_nothing(tmp_path: Path, slug: str):
    folder = tmp_path / "deep" / "projects"
    result = cookiecut(folder, project_slug=slug)
    assert result.returncode != 0
    (sentence,) = [line for line in result.stderr.splitlines() if line.startswith("project_slug ")]
    assert REFUSED[slug] in sentence
    assert re.search(": type another one, such as [a-z0-9_]+[.]$", sentence)
    assert PROPOSED.get(slug, "") in sentence
    assert len(sentence) < 400
    assert [
        path for path in tmp_path.rglob("*") if not path.is_relative_to(tmp_path / "deep" / "home")
    ] == [
        tmp_path / "deep",
        folder,
    ]


def test_every_keyword_and_module_of_python_is_refused():
    """Asks the hook's own function: baking some 350 times would take minutes."""
    names = {*keyword.kwlist, *keyword.softkwlist, *sys.stdlib_module_names}
    assert [name for name in names if HOOK["slug_fault"](name) is None] == []


def test_every_module_and_folder_of_the_template_is_refused():
    """Modules of packages have other names outside; all others would be hidden."""
    template = REPOSITORY / "<<cookiecutter.project_slug>>"
    files = [path.relative_to(template) for path in template.rglob("*.py")]
    names = {path.stem for path in files if path.parts[0] not in ("src", "deploy")}
    names |= {path.name for path in template.iterdir() if path.is_dir()}
    assert {"tools", "notebooks", "ci_deploy", "test_flows"} <= names
    # As `__init__`, none of these is a slug at all.
    assert [name for name in names if HOOK["slug_fault"](name) is None] == []


def test_every_module_that_a_project_needs_is_refused(bake):
    """What its distributions are and need in turn, as far as they are installed here."""
    needed = ["cruft", "metaflow-lint", "pip"]
    for datastore in ("s3", "azure", "gs"):
        project = bake(datastore=datastore, environment="uv", project_slug=f"for_{datastore}")
        settings = tomllib.loads(project.read("pyproject.toml"))
        needed += settings["project"]["dependencies"] + settings["build-system"]["requires"]
        needed += settings["project"]["optional-dependencies"]["remote"]
        needed += settings["dependency-groups"]["dev"]
    distributions = with_what_they_need(needed)
    modules = {
        module
        for module, holders in metadata.packages_distributions().items()
        if distributions & {canonicalize_name(each) for each in holders}
    }
    modules |= {each.replace("-", "_") for each in distributions}
    assert {"metaflow", "boto3", "yaml", "click", "hatchling", "azure_identity"} <= modules
    assert [name for name in modules if HOOK["slug_fault"](name) is None] == []


def with_what_they_need(requirements: list[str]) -> set[str]:
    """Return the names of distributions and, where they are installed, of all they depend on."""
    found: set[str] = set()
    waiting = [Requirement(each) for each in requirements]
    while waiting:
        requirement = waiting.pop()
        if (name := canonicalize_name(requirement.name)) in found:
            continue
        found.add(name)
        with suppress(metadata.PackageNotFoundError):
            needed = [Requirement(each) for each in metadata.requires(name) or []]
            extras = ["", *requirement.extras]
            waiting += [
                each
                for each in needed
                if not each.marker or any(each.marker.evaluate({"extra": e}) for e in extras)
            ]
    return found


def test_a_proposal_will_do():
    for slug in [*REFUSED, *HOOK["TAKEN"], *HOOK["DEVICES"], "x" * 500, "_", "9"]:
        assert HOOK["slug_fault"](HOOK["proposal"](slug)) is None, slug


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        (
            {"project_name": "", "project_slug": "birds"},
            "type the project's name",
        ),
        (
            {"project_name": "\x07", "project_slug": "birds"},
            "type the project's name",
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
    assert "flows/penguin_measurements/flow.py already exists" in result.stderr
    assert [path for path in folder.rglob("*") if path.is_file()] == [mine]


def test_no_description_is_fine(bake):
    project = bake(description="")
    assert assert_sound(project)["project"]["description"] == ""
    assert "# Palmer Penguins\n\n## Start" in project.read("README.md")


def test_only_the_example_describes_itself_as_measuring_penguins(bake):
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
    python = make_environment(tmp_path / "old", f"cookiecutter=={version}", env=environment)
    result = cookiecut(tmp_path / "projects", python=python)
    assert result.returncode != 0
    assert f"This template needs Cookiecutter 2.6 or newer, but this is {version}" in result.stderr
    assert "pip install --upgrade cookiecutter" in result.stderr
    assert list((tmp_path / "projects").iterdir()) == []


def test_the_oldest_cookiecutter_that_is_supported_bakes(tmp_path: Path):
    environment = isolated_environment(tmp_path / "home")
    python = make_environment(tmp_path / "old", "cookiecutter==2.6.0", env=environment)
    assert_sound(bake_into(tmp_path / "projects", python=python))
