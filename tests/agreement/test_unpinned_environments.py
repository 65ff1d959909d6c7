"""MF504: what Metaflow's `@pypi` resolves changes with the package index, unless it is pinned.

Metaflow's own resolver and pip run, on a package index in a folder. `micromamba`, which only starts
pip in an environment, is a script that starts this Python's.
"""

import os
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from metaflow.plugins.pypi.pip import Pip
from metaflow.plugins.pypi.utils import conda_platform

from lint_rules.rules.environment.mf504_unpinned_environment import UnpinnedEnvironment
from lint_rules.testing import diagnose

pytestmark = pytest.mark.process

NAME = "arxiv-client-of-a-test"
FLOW = """\
from metaflow import FlowSpec, pypi, step


class ArxivTopics(FlowSpec):
    @pypi(python="3.11.7", packages={{"arxiv-client-of-a-test": "{version}"}})
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass
"""


def release(index: Path, version: str) -> None:
    """Puts a version of the package into the index."""
    files = index / NAME
    files.mkdir(parents=True, exist_ok=True)
    word = NAME.replace("-", "_")
    info = f"{word}-{version}.dist-info"
    with zipfile.ZipFile(files / f"{word}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {version}\n"
        )
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    links = (f'<a href="{file.name}">{file.name}</a>' for file in sorted(files.glob("*.whl")))
    (files / "index.html").write_text("<!DOCTYPE html>" + "".join(links))


def resolved(folder: Path, version: str) -> str:
    """The file that Metaflow takes for the package at a version that a flow gives."""
    script = folder / "micromamba"
    # run --prefix FOLDER pip3 …
    script.write_text(f'#!/bin/sh\nshift 4\nexec "{sys.executable}" -m pip "$@"\n')
    script.chmod(0o755)
    micromamba = SimpleNamespace(
        bin=str(script),
        path_to_environment=lambda _: str(folder),
        _call=lambda _: [{"name": "python", "version": "3.11.7"}],
    )
    found = Pip(micromamba).solve("id", {NAME: version}, "3.11.7", conda_platform())
    return found[0]["url"].rpartition("/")[2].removesuffix("-py3-none-any.whl")


@pytest.mark.skipif(os.name == "nt", reason="the script is a shell's")
@pytest.mark.parametrize(("version", "later"), [("", "2.0"), (">=1.0", "2.0"), ("1.0", "1.0")])
def test_what_is_reported_changes_with_the_index(tmp_path, monkeypatch, version: str, later: str):
    index = tmp_path / "simple"
    monkeypatch.setenv("PIP_INDEX_URL", index.as_uri())
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    release(index, "1.0")
    word = NAME.replace("-", "_")
    assert resolved(tmp_path, version) == f"{word}-1.0"
    release(index, "2.0")
    assert resolved(tmp_path, version) == f"{word}-{later}"
    assert bool(diagnose(UnpinnedEnvironment, FLOW.format(version=version))) == (later != "1.0")
