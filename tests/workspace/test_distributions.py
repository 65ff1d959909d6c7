"""Imports from one package of a repository to another, as their builders say where they stand."""

import pytest

BASE = """\
from metaflow import FlowSpec


class ArxivBase(FlowSpec):
    pass
"""

FLOW = """\
from arxiv_common.base import ArxivBase
from metaflow import step


class ArxivTopics(ArxivBase):
    @step
    def start(self):
        pass
"""

LINKS = {
    "a path of uv's": '[tool.uv.sources]\narxiv-common = { path = "../../libs/common" }\n',
    "an editable path of uv's": (
        '[tool.uv.sources]\narxiv-common = [{ path = "../../libs/common", editable = true }]\n'
    ),
    "a workspace of uv's": "[tool.uv.sources]\narxiv-common = { workspace = true }\n",
    "a path of Poetry's": (
        "[tool.poetry.dependencies]\n"
        'arxiv-common = { path = "../../libs/common", develop = true }\n'
    ),
    "a path of a group of Poetry's": (
        '[tool.poetry.group.dev.dependencies]\narxiv-common = { path = "../../libs/common" }\n'
    ),
    "a reference to a file": (
        '[project]\ndependencies = ["arxiv-common @ file:../../libs/common"]\n'
    ),
}

LAYOUTS = {
    "the folder itself": ("", ""),
    "src": ("src", ""),
    "setuptools, a folder for all": ("lib", '[tool.setuptools.package-dir]\n"" = "lib"\n'),
    "setuptools, where to look": ("lib", '[tool.setuptools.packages.find]\nwhere = ["lib"]\n'),
    "setuptools, a folder for one": (
        None,
        '[tool.setuptools.package-dir]\narxiv_common = "python"\n',
    ),
    "hatch, packages": (
        "lib",
        '[tool.hatch.build.targets.wheel]\npackages = ["lib/arxiv_common"]\n',
    ),
    "hatch, sources": ("lib", '[tool.hatch.build.targets.wheel]\nsources = ["lib"]\n'),
    "poetry": ("lib", '[[tool.poetry.packages]]\ninclude = "arxiv_common"\nfrom = "lib"\n'),
    "uv": ("lib", '[tool.uv.build-backend]\nmodule-root = "lib"\n'),
    "pdm": ("lib", '[tool.pdm.build]\npackage-dir = "lib"\n'),
}


def check(folder, package):
    """Whether the flow's base, which lacks a project, is found."""
    folder.write(f"{package}/__init__.py", "")
    folder.write(f"{package}/base.py", BASE)
    folder.write("teams/topics/flows/flow.py", FLOW)
    return folder.codes("--select", "MF101", "teams") == ["teams/topics/flows/flow.py:5 MF101"]


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_a_distribution_is_linked_by(folder, link):
    folder.write("pyproject.toml", '[tool.uv.workspace]\nmembers = ["libs/*", "teams/*"]\n')
    folder.write("libs/common/pyproject.toml", "")
    folder.write("teams/topics/pyproject.toml", link)
    assert check(folder, "libs/common/arxiv_common")
    folder.write("teams/topics/pyproject.toml", "")
    assert folder.codes("--select", "MF101", "teams") == []


def test_a_distribution_is_linked_by_requirements(folder):
    folder.write("libs/common/pyproject.toml", "")
    folder.write("teams/topics/pyproject.toml", "")
    folder.write("teams/topics/requirements.txt", "metaflow\n-e ../../libs/common  # ours\n")
    assert check(folder, "libs/common/arxiv_common")


def test_a_link_may_lead_on_to_another(folder):
    folder.write("libs/common/pyproject.toml", "")
    folder.write(
        "libs/all/pyproject.toml", '[tool.uv.sources]\narxiv-common = { path = "../common" }\n'
    )
    folder.write(
        "teams/topics/pyproject.toml",
        '[tool.uv.sources]\narxiv-all = { path = "../../libs/all" }\n',
    )
    assert check(folder, "libs/common/arxiv_common")


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_package_is_laid_out_by(folder, layout):
    inner, settings = layout
    folder.write("libs/common/pyproject.toml", settings)
    folder.write("teams/topics/pyproject.toml", LINKS["a path of uv's"])
    package = "python" if inner is None else f"{inner}/arxiv_common".lstrip("/")
    assert check(folder, f"libs/common/{package}")


def test_a_broken_pyproject_says_nothing(folder):
    folder.write("libs/common/pyproject.toml", "[tool.uv\n")
    folder.write(
        "teams/topics/pyproject.toml", '[tool]\nuv = "no table"\npoetry = {packages = 3}\n'
    )
    assert not check(folder, "libs/common/arxiv_common")


def test_a_path_that_cannot_be_one_leads_nowhere(folder):
    folder.write("flow.py", f"from other.x import y\n{FLOW}")
    folder.write("pyproject.toml", '[tool.uv.sources]\nother = { path = "a\\u0000b" }\n')
    assert folder.lint("check", "--select", "ALL").err == ""
