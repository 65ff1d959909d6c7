"""A stranger's repository names what is outside of it, in every way there is. None of it is read.

The fixture fails a test that opens anything outside, or shows the secret.
"""

import json
import os
import re
from pathlib import Path

import pytest

from lint_rules.cli.app import main
from tests.folder import FLOW
from tests.workspace.conftest import SECRET

OUTSIDE = "../outside"

# What a config's default names


def configured(default: str) -> str:
    """A flow whose event and project are taken from a config's default file."""
    return f"""\
from metaflow import Config, FlowSpec, config_expr, project, step, trigger


@trigger(event=config_expr("cfg.auths")["ghcr.io"]["auth"])
@project(name=config_expr("cfg.project"))
class Papers(FlowSpec):
    cfg = Config("cfg", default={default!r})

    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass
"""


VALUES = json.dumps({"auths": {"ghcr.io": {"auth": SECRET}}, "project": SECRET})


@pytest.mark.parametrize("fmt", ["mermaid", "html", "json"])
@pytest.mark.parametrize("way", ["absolute", "dots", "link", "folder"])
def test_a_configs_default_leads_nowhere_else(repository, way, fmt):
    repository.write(f"{OUTSIDE}/config.json", VALUES)
    repository.link("config.json", f"{OUTSIDE}/config.json")
    repository.link("way", OUTSIDE)
    given = {
        "absolute": str(repository.outside / "config.json"),
        "dots": f"{OUTSIDE}/config.json",
        "link": "config.json",
        "folder": "way/config.json",
    }
    repository.write("flow.py", configured(given[way]))
    assert repository.check("--isolated", "--select", "ALL").status == 1
    assert repository.run("graph", "--isolated", "--output-format", fmt).status == 0


def test_a_configs_default_in_the_repository_is_known(repository):
    repository.write("config/papers.json", VALUES.replace(SECRET, "ours"))
    repository.write("flow.py", configured("config/papers.json"))
    assert "MF706 A flow waits for the event `ours` here, but nothing in the project raises it" in (
        repository.check("--select", "ALL").out
    )


def test_a_configs_default_that_is_no_file_does_not_hang(repository):
    os.mkfifo(repository.path / "pipe")
    for default in ("pipe", "/dev/zero", "/dev/stdin", "/dev/tty", "circle", "a" * 5000, "a\0b"):
        repository.write("flow.py", configured(default))
        assert repository.check("--select", "ALL").status == 1


def test_a_configs_default_that_is_too_large_is_not_known(repository):
    repository.write("metaflow-lint.toml", "max-file-size = 2000")
    repository.write("c.json", VALUES.replace(SECRET, "ours"))
    repository.write("flow.py", configured("c.json"))
    assert "`ours`" in repository.check("--select", "ALL").out
    repository.write("c.json", VALUES.replace(SECRET, "ours") + " " * 3000)
    assert "`ours`" not in repository.check("--select", "ALL").out


# What distributions name

BASE = f'''\
from metaflow import FlowSpec, Parameter, step


class SecretBase(FlowSpec):
    """{SECRET}"""

    kept = Parameter("{SECRET}", default="{SECRET}")

    @step
    def start(self):
        """{SECRET}"""
        self.next(self.end)

    @step
    def end(self):
        pass
'''

SUBCLASS = """\
from secretpkg import SecretBase


class Papers(SecretBase):
    pass
"""

NAMED = {
    "uv": '[tool.uv.sources]\nx = { path = "../outside" }\n',
    "uv, absolute": '[tool.uv.sources]\nx = { path = "OUTSIDE" }\n',
    "uv, a link": '[tool.uv.sources]\nx = { path = "link" }\n',
    "uv, a workspace": (
        '[tool.uv.sources]\nx = { workspace = true }\n[tool.uv.workspace]\nmembers = ["../*"]\n'
    ),
    "uv, a workspace of links": (
        '[tool.uv.sources]\nx = { workspace = true }\n[tool.uv.workspace]\nmembers = ["l*"]\n'
    ),
    "uv, everything": (
        "[tool.uv.sources]\nx = { workspace = true }\n"
        '[tool.uv.workspace]\nmembers = ["../../../../../**"]\n'
    ),
    "uv, module-root": '[tool.uv.build-backend]\nmodule-root = "../outside"\n',
    "poetry": '[tool.poetry.dependencies]\nx = { path = "../outside" }\n',
    "poetry, a group": '[tool.poetry.group.dev.dependencies]\nx = { path = "../outside" }\n',
    "poetry, packages": '[[tool.poetry.packages]]\ninclude = "x"\nfrom = "../outside"\n',
    "a reference": '[project]\ndependencies = ["x @ file:../outside"]\n',
    "an absolute reference": '[project]\ndependencies = ["x @ file://OUTSIDE"]\n',
    "a group": '[dependency-groups]\ndev = ["x @ file:../outside"]\n',
    "pdm": '[tool.pdm.dev-dependencies]\ndev = ["-e file:../outside", "x @ file:../outside"]\n',
    "pdm, package-dir": '[tool.pdm.build]\npackage-dir = "../outside"\n',
    "setuptools": '[tool.setuptools.package-dir]\n"" = "OUTSIDE"\n',
    "setuptools, one": '[tool.setuptools.package-dir]\nsecretpkg = "OUTSIDE/secretpkg"\n',
    "setuptools, where": '[tool.setuptools.packages.find]\nwhere = ["../outside"]\n',
    "hatch": '[tool.hatch.build.targets.wheel]\npackages = ["OUTSIDE/secretpkg"]\n',
    "hatch, sources": '[tool.hatch.build.targets.wheel]\nsources = ["../outside"]\n',
}


@pytest.mark.parametrize("named", NAMED.values(), ids=NAMED)
def test_a_distribution_leads_nowhere_else(repository, named):
    repository.write(f"{OUTSIDE}/secretpkg/__init__.py", BASE)
    repository.write(f"{OUTSIDE}/pyproject.toml", "")
    repository.link("link", OUTSIDE)
    repository.write("pyproject.toml", named.replace("OUTSIDE", str(repository.outside)))
    repository.write("flow.py", SUBCLASS)
    repository.check("--isolated", "--select", "ALL")
    repository.run("graph", "--isolated", "--output-format", "html")
    # The same in the repository is found: the flow has steps, and so is a flow.
    repository.write("inside/secretpkg/__init__.py", BASE.replace(SECRET, "ours"))
    (repository.path / "link").unlink()
    repository.link("link", "inside")
    inside = named.replace("OUTSIDE", str(repository.path / "inside"))
    repository.write("pyproject.toml", inside.replace("../outside", "./inside"))
    if not any(unknown in named for unknown in ("../*", "../../", "file://")):
        assert repository.check("--isolated", "--select", "MF101", "flow.py").status == 1


@pytest.mark.parametrize("line", ["-e ../outside", "--editable=file:../outside", "-e ./link"])
def test_requirements_lead_nowhere_else(repository, line):
    repository.write(f"{OUTSIDE}/secretpkg/__init__.py", BASE)
    repository.link("link", OUTSIDE)
    repository.write("pyproject.toml", "")
    repository.write("requirements.txt", line + "\n")
    repository.write("flow.py", SUBCLASS)
    repository.check("--isolated", "--select", "ALL")
    repository.run("graph", "--isolated", "--output-format", "html")


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements.txt", "sub/pyproject.toml"])
@pytest.mark.parametrize("target", ["/dev/zero", "pipe", "../outside/huge", "/proc/self/mem"])
def test_what_is_no_file_is_not_read_for_a_distribution(repository, name, target):
    """Each of these took all memory, or hung."""
    os.mkfifo(repository.path / "pipe")
    with (repository.outside / "huge").open("wb") as huge:
        huge.truncate(10**12)
    if target == "pipe":
        target = str(repository.path / "pipe")
    repository.link(name, target)
    repository.write("flow.py", f"import nosuchpkg\n{FLOW}")
    assert repository.check("--isolated", "--select", "ALL", "--ignore", "MF3").status == 0
    repository.run("graph", "--isolated")


def test_a_path_that_is_none_does_not_end_the_run(repository):
    repository.link("circle", "circle")
    for path in ("a" * 5000, "circle", "x/../" * 2000, "\\u0000"):
        repository.write("pyproject.toml", f'[tool.uv.sources]\nx = {{ path = "{path}" }}\n')
        repository.write("flow.py", f"import nosuchpkg\n{FLOW}")
        assert repository.check("--isolated", "--ignore", "MF3").status == 0


@pytest.mark.parametrize(
    "pattern", ["**/" * 12 + "**", "../" * 30 + "**", "*/" * 40 + "*", "[z-a]", "*a" * 40 + "b"]
)
def test_patterns_of_a_workspace_are_bounded(repository, pattern):
    nest = repository.path.joinpath(*["a" * 200] * 9)
    nest.mkdir(parents=True)
    for number in range(100):
        (repository.path / f"folder{number}").mkdir()
    repository.write(
        "pyproject.toml",
        "[tool.uv.sources]\nx = { workspace = true }\n"
        f'[tool.uv.workspace]\nmembers = ["{pattern}"]\n',
    )
    repository.write("flow.py", f"import nosuchpkg\n{FLOW}")
    assert repository.check("--isolated", "--ignore", "MF3").status == 0


def test_keys_with_many_parts_are_not_read(repository):
    """One of 98 KB took 6 GB."""
    repository.write("pyproject.toml", ".".join("a" * 40_000) + " = 1\n")
    repository.write("flow.py", f"import nosuchpkg\n{FLOW}")
    assert repository.check("--isolated", "--ignore", "MF3").status == 0


def test_blank_lines_of_requirements_take_no_time(repository):
    repository.write("pyproject.toml", "")
    repository.write("requirements.txt", "\n" * 95_000)
    repository.write("flow.py", f"import nosuchpkg\n{FLOW}")
    assert repository.check("--isolated", "--ignore", "MF3").status == 0


# What links name


@pytest.mark.parametrize("words", [("graph", "--output-format", "json"), ("check", "--no-cache")])
@pytest.mark.parametrize("link", ["link.py", "flows/link.py", "flows"])
def test_a_link_makes_nobody_elses_flow_one_of_the_projects(repository, link, words):
    """Also if the file stands in a project of its own, which may be read when it is named."""
    secret = FLOW.replace("class ArxivTopics", f"class {SECRET.replace('-', '_')}")
    repository.write(f"{OUTSIDE}/pyproject.toml", "")
    repository.write(f"{OUTSIDE}/flow.py", secret)
    repository.write("flow.py", FLOW)
    (repository.path / link).parent.mkdir(exist_ok=True)
    repository.link(link, str(repository.outside / ("flow.py" if ".py" in link else "")))
    assert repository.run(*words, "--isolated").status in (0, 2)


# What a document names


def document(words: str) -> str:
    return f"<!-- metaflow-lint graph {words} -->\n<!-- /metaflow-lint graph -->\n"


@pytest.mark.parametrize("option", ["--check", "--write"])
@pytest.mark.parametrize("path", ["../outside", "OUTSIDE", "link", "docs/../link", "flow-link.py"])
def test_a_document_leads_nowhere_else(repository, option, path):
    repository.write(f"{OUTSIDE}/flow.py", FLOW.replace("ArxivTopics", "Secret"))
    repository.link("link", OUTSIDE)
    repository.link("flow-link.py", f"{OUTSIDE}/flow.py")
    (repository.path / "docs").mkdir()
    repository.write("README.md", document(path.replace("OUTSIDE", str(repository.outside))))
    result = repository.run("graph", "--isolated", option, "README.md")
    assert result.status == 2
    assert "leads out of the repository" in result.err
    assert "mermaid" not in (repository.path / "README.md").read_text()


def test_a_document_in_a_folder_may_name_another_folder(repository):
    repository.write("docs/flows.md", document("../flow.py"))
    assert repository.run("graph", "--write", "docs/flows.md").status == 0
    assert "start" in (repository.path / "docs/flows.md").read_text()


def test_blanks_behind_a_mark_take_no_time(repository):
    repository.write("README.md", f"<!-- metaflow-lint graph{' ' * 90_000}x\n")
    assert repository.run("graph", "--check", "README.md").status == 2


@pytest.mark.parametrize("target", ["/dev/zero", "pipe"])
def test_a_document_that_is_no_file_is_refused(repository, target):
    os.mkfifo(repository.path / "pipe")
    repository.link("README.md", target)
    result = repository.run("graph", "--check", "README.md")
    assert result.status == 2
    assert re.search("this is no file|leads out of the repository", result.err)


# What imports name


@pytest.mark.parametrize("module", ["..outside.base", "way.base", "base", "pkg.base"])
def test_imports_lead_nowhere_else(repository, module):
    repository.write(f"{OUTSIDE}/base.py", BASE)
    repository.write(f"{OUTSIDE}/__init__.py", "")
    repository.link("way", OUTSIDE)
    repository.link("base.py", f"{OUTSIDE}/base.py")
    repository.link("pkg/base.py", f"../{OUTSIDE}/base.py")
    repository.write("pkg/__init__.py", "")
    repository.write("flow.py", f"from {module} import SecretBase\n" + SUBCLASS.split("\n", 1)[1])
    repository.check("--isolated", "--select", "ALL", "flow.py")
    repository.run("graph", "--isolated", "--output-format", "html", "flow.py")


def test_a_project_does_not_begin_above_the_repository(repository):
    """A file of somebody's home folder is no project of all that is in it."""
    repository.write("../pyproject.toml", "")
    repository.write(f"{OUTSIDE}/flow.py", FLOW)
    assert repository.check("--isolated", "--select", "MF006").status == 0


# Settings and what they name


@pytest.mark.parametrize("name", ["pyproject.toml", "metaflow-lint.toml", ".gitignore"])
def test_settings_that_are_no_files_are_not_read(repository, name):
    for target in ("/dev/zero", "pipe"):
        (repository.path / name).unlink(missing_ok=True)
        if not (repository.path / "pipe").exists():
            os.mkfifo(repository.path / "pipe")
        repository.link(name, target)
        assert repository.check().status in (0, 2)


@pytest.mark.parametrize("target", ["/dev/zero", "pipe"])
def test_a_baseline_that_is_no_file_is_refused(repository, target):
    os.mkfifo(repository.path / "pipe")
    repository.link("known.json", target)
    result = repository.check("--baseline", "known.json")
    assert result.status == 2
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    "words",
    [("--baseline", "given"), ("--baseline", "given", "--write-baseline"), ("--config", "given")],
)
def test_a_name_that_is_a_link_leads_nowhere_else(repository, words):
    """The person who runs the linter names a file, and a change puts a link in its place."""
    repository.write(f"{OUTSIDE}/secret.json", json.dumps({"version": SECRET}))
    repository.write("flow.py", FLOW)
    repository.link("given", f"{OUTSIDE}/secret.json")
    result = repository.check(*words)
    assert result.status == 2
    assert "leads out of the repository" in result.err


def test_whoever_runs_the_linter_may_name_what_is_outside(repository):
    repository.write(f"{OUTSIDE}/flow.py", FLOW.replace("ArxivTopics", "ArxivFlow"))
    repository.write("flow.py", FLOW)
    assert main(["check", "--no-cache", "--isolated", str(Path(OUTSIDE) / "flow.py")]) == 1
    assert main(["check", "--no-cache", "--isolated", str(repository.outside)]) == 1
