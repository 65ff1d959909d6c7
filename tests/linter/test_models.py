"""What was read of a file is read again only when its text has changed, and never believed of
anybody else."""

import io
import json
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
from lint_rules.syntax.read import read
from tests.linter.shop import FLOW, Shop

CLEAN = "--select=MF404"
"""A rule that finds nothing in the shop."""


@pytest.fixture
def shop(tmp_path) -> Shop:
    shop = Shop(tmp_path / "shop")
    shop.lint(CLEAN)
    return shop


def test_no_file_is_parsed_again_when_another_one_changed(shop):
    shop.write("plain.py", "import metaflow\n")
    assert shop.read(CLEAN)[1]
    shop.write("pyproject.toml", "[tool.metaflow-lint]\n")
    assert not shop.read(CLEAN)[1]


def test_nor_for_the_sake_of_what_was_found_or_suppressed(shop):
    shop.write("orders.py", FLOW.format(name="Orders").replace("[1, 2]", "[1, 2]  # noqa: MF401"))
    found, _ = shop.lint()
    assert len(json.loads(found)) > 1
    shop.write("plain.py", "print(2)\n")
    assert shop.read() == (found, False)
    assert shop.lint("--no-cache")[0] == found


def test_a_checkout_with_other_dates_is_known(shop):
    """As in CI, which restores what an earlier job left."""
    for file in shop.folder.glob("*.py"):
        text = file.read_text()
        file.unlink()
        file.write_text(text)
        os.utime(file, (1, 1))
    assert not shop.read(CLEAN)[1]


def test_a_text_that_comes_back_is_found_as_it_was(shop):
    first = FLOW.format(name="Orders")
    fresh = {}
    for text in (first, first.replace("self.rows, ", ""), first):
        shop.write("orders.py", text)
        said, _ = shop.lint()
        assert said == fresh.setdefault(text, shop.lint("--no-cache")[0])


def test_each_file_is_kept_once(shop):
    def kept() -> int:
        return len(list(shop.folder.glob(".metaflow_lint_cache/*/*.model")))

    before = kept()
    for number in range(3):
        shop.write("orders.py", FLOW.format(name=f"Orders{number}"))
        shop.lint(CLEAN)
    assert kept() == before > 0


def test_what_somebody_else_kept_is_not_believed(shop, tmp_path):
    """A repository may bring a cache along, but not the key that it is signed with."""
    shop.write("pyproject.toml", "[tool.metaflow-lint]\n")
    others = {"XDG_CACHE_HOME": str(tmp_path / "somebody else's")}
    assert shop.read(CLEAN, environment=others)[1]
    assert len((tmp_path / "somebody else's/metaflow-lint/key").read_bytes()) == 32


def test_no_key_is_taken_from_the_repository(shop):
    inside = {"XDG_CACHE_HOME": str(shop.folder / "caches")}
    for _ in range(2):
        shop.write("pyproject.toml", "[tool.metaflow-lint]\n")
        assert shop.read(CLEAN, environment=inside)[1]
    assert not (shop.folder / "caches").exists()


def test_a_folder_elsewhere_has_its_key_in_it(shop, tmp_path):
    """So that it can be restored as a whole."""
    elsewhere = tmp_path / "elsewhere"
    shop.lint(CLEAN, f"--cache-dir={elsewhere}")
    shop.caches = tmp_path / "another machine's"
    shop.write("pyproject.toml", "[tool.metaflow-lint]\n")
    assert not shop.read(CLEAN, f"--cache-dir={elsewhere}")[1]
    assert (elsewhere / "key").stat().st_mode & 0o777 == 0o600


def test_where_no_key_can_be_kept_files_are_read(shop, tmp_path):
    (tmp_path / "a file").write_text("")
    nowhere = {"XDG_CACHE_HOME": str(tmp_path / "a file")}
    fresh, _ = shop.lint("--no-cache")
    assert shop.lint(environment=nowhere)[0] == fresh


# In one process

TEXT = FLOW.format(name="Orders")


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
