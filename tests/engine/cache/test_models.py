"""What was read of a file is read again only when its text has changed, and never believed of
anybody else."""

import io
import os
import pickle
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from lint_rules.engine.cache import models
from lint_rules.engine.cache.folder import Folder
from lint_rules.engine.cache.models import Models
from lint_rules.engine.registry import own_rules
from lint_rules.model.scope import Scope
from lint_rules.rules.base import Good, dedent
from lint_rules.syntax import parse_cache
from lint_rules.syntax.read import read
from tests.engine.cache.project import Project

CLEAN = "--select=MF404"
"""A rule that finds nothing in the project."""


@pytest.fixture
def project(tmp_path, capsys, monkeypatch) -> Project:
    folder = tmp_path / "project"
    folder.mkdir()
    project = Project(folder, capsys, monkeypatch)
    project.warm(CLEAN)
    return project


@pytest.fixture
def parsed(project, monkeypatch) -> list[str]:
    """The files that are parsed."""
    names: list[str] = []

    def noted(text, path, looked_up=None):
        names.append(path.name)
        return read(text, path, looked_up)

    monkeypatch.setattr(parse_cache, "read", noted)
    return names


def test_only_what_changed_is_parsed_again(project, parsed):
    project.write("plain.py", "import metaflow\n")
    project.warm(CLEAN)
    assert parsed == ["plain.py"]
    project.write("pyproject.toml", "[tool.metaflow-lint]\n")
    project.warm(CLEAN)
    assert parsed == ["plain.py"]


def test_a_checkout_with_other_dates_is_known(project, parsed):
    """As in CI, which restores what an earlier job left."""
    for file in project.folder.rglob("*.py"):
        text = file.read_text()
        file.unlink()
        file.write_text(text)
        os.utime(file, (1, 1))
    project.warm(CLEAN, "--ignore=MF101")
    assert parsed == []


def test_a_text_that_comes_back_is_found_as_it_was(project):
    for read_there in ("self.rows", "self.none", "self.rows"):
        project.flow("flows/orders.py", "Orders", read=read_there)
        assert project.warm() == project.cold()


def test_each_file_is_kept_once(project):
    def kept() -> int:
        return len(list(project.folder.parent.glob("cache/*/*.model")))

    before = kept()
    for number in range(3):
        project.flow("flows/orders.py", f"Orders{number}")
        project.warm(CLEAN)
    assert kept() == before > 0


# In one process

TEXT = "from metaflow import FlowSpec\n\nclass Orders(FlowSpec):\n    pass\n"


@pytest.fixture
def kept(tmp_path) -> Models:
    return Models(Folder(tmp_path / "cache"))


def shape(thing: object, seen: dict[int, int]) -> object:
    """A model as plain data; what was met before is a number, so that sharing is compared too."""
    if id(thing) in seen:
        return seen[id(thing)]
    if isinstance(thing, str | int | float | bytes | Path | None) or thing is ...:
        return thing
    if not isinstance(thing, tuple | frozenset):  # nobody can tell equal ones apart
        seen[id(thing)] = len(seen)
    if isinstance(thing, list | tuple):
        return [shape(one, seen) for one in thing]
    if isinstance(thing, dict):
        return [[key, shape(value, seen)] for key, value in thing.items()]
    if isinstance(thing, set | frozenset):
        return sorted(thing)
    assert is_dataclass(thing) or isinstance(thing, Scope), thing
    names = [f.name for f in fields(thing)] if is_dataclass(thing) else sorted(Scope.__slots__)
    return [type(thing).__name__, *(shape(getattr(thing, name), seen) for name in names)]


@pytest.mark.parametrize("rule", own_rules(), ids=lambda rule: rule.code)
def test_all_models_come_back_as_they_were(kept, rule):
    path = Path("/shop/flow.py")
    given = [
        *(bad.code for bad in rule.bad),
        *(good.code if isinstance(good, Good) else good for good in rule.good),
    ]
    for text in map(dedent, given):
        module = read(text, path)
        kept.keep(path, text, module)
        found = kept.find(path, text)
        assert found is not None
        assert shape(found, {}) == shape(module, {})


def test_a_model_is_that_of_one_text_in_one_file_alone(kept, monkeypatch):
    path = Path("/shop/flow.py")
    kept.keep(path, TEXT, read(TEXT, path))
    assert kept.find(path, TEXT) is not None
    assert kept.find(path, f"{TEXT}\n") is None
    assert kept.find(Path("/shop/other.py"), TEXT) is None
    monkeypatch.setattr(models, "_reader", lambda: b"another libcst")
    assert Models(kept._folder).find(path, TEXT) is None


@pytest.mark.parametrize("length", [0, 10, 32, 100])
def test_half_a_model_is_none(kept, length):
    path = Path("/shop/flow.py")
    kept.keep(path, TEXT, read(TEXT, path))
    (file,) = kept._folder.path.glob("*/*.model")
    file.write_bytes(file.read_bytes()[:length])
    assert kept.find(path, TEXT) is None


class _Runs:
    def __reduce__(self):
        return os.mkdir, ("made by a pickle",)


@pytest.mark.parametrize("evil", [_Runs(), (_Runs(), Scope(), None), os.mkdir, Path(), Folder])
def test_nothing_in_a_cache_is_run(kept, evil, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content = pickle.dumps(evil)
    with pytest.raises(pickle.UnpicklingError):
        models._Unpickler(io.BytesIO(content), Path("x.py")).load()
    # Not even with the key.
    signed = kept._signature(TEXT, content) + content
    kept._folder.write(models._name(Path("x.py")), signed)
    assert kept.find(Path("x.py"), TEXT) is None
    assert not (tmp_path / "made by a pickle").exists()
