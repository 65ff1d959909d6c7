"""What a run leaves for the next one: never anything else than the next one would find itself."""

import json
import os
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from lint_rules.diagnostics.diagnostic import Diagnostic, RelatedLocation, Safety, TextEdit
from lint_rules.engine.cache.codec import decoded, encoded
from lint_rules.workspace.source import Position
from tests.linter.shop import BASE, FLOW, Shop


@pytest.fixture
def shop(tmp_path) -> Shop:
    shop = Shop(tmp_path / "shop")
    # Compiled files of the linter may be as new as this run.
    shop.lint("--no-cache")
    return shop


def test_the_second_run_finds_the_same_without_reading_code(shop):
    fresh, was_kept = shop.lint()
    assert json.loads(fresh)
    assert not was_kept
    assert shop.lint() == (fresh, True)
    assert (shop.folder / ".metaflow_lint_cache" / ".gitignore").read_text().endswith("\n*\n")


def test_no_cache_neither_reads_nor_writes(shop):
    shop.lint("--no-cache")
    assert not (shop.folder / ".metaflow_lint_cache").exists()
    shop.lint()
    assert not shop.lint("--no-cache")[1]


def test_the_folder_can_be_named(shop, tmp_path):
    elsewhere, by_variable = tmp_path / "elsewhere", tmp_path / "by variable"
    shop.lint(f"--cache-dir={elsewhere}")
    shop.lint(environment={"METAFLOW_LINT_CACHE_DIR": str(by_variable)})
    assert len(list(elsewhere.glob("*/*.json"))) == len(list(by_variable.glob("*/*.json"))) == 1
    assert not shop.kept
    assert shop.lint(f"--cache-dir={elsewhere}")[1]


def test_a_commit_without_flows_leaves_nothing(shop):
    assert shop.lint("plain.py")[1]
    assert not shop.kept


@pytest.mark.parametrize("name", ["base.py", "names.py", "orders.py", "pyproject.toml"])
def test_a_change_of_any_file_that_says_something_is_seen(shop, name):
    shop.lint()
    with (shop.folder / name).open("a") as file:
        file.write("# changed\n")
    assert not shop.lint()[1]


def test_a_change_that_keeps_size_and_date_is_seen(shop):
    before, _ = shop.lint()
    file = shop.folder / "names.py"
    known = file.stat()
    shop.write("names.py", 'OTHER = "ordered"\n'.replace("OTHER", "EVENU"))
    os.utime(file, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert file.stat().st_size == known.st_size
    after, was_kept = shop.lint()
    assert not was_kept
    assert after == shop.lint("--no-cache")[0] != before


def test_a_rule_of_the_repository_that_changes_or_comes_is_seen(shop):
    rule = """
from lint_rules.api import Flow, Rule

class {name}(Rule):
    code, name = "{code}", "{name}"
    def check(self, flow: Flow):
        yield self.finding(flow, "{message}", "no")
"""
    shop.write("lint/one.py", rule.format(name="one", code="TEAM001", message="first"))
    shop.write("pyproject.toml", "[tool.metaflow-lint]\nselect=['ALL']\nlocal-rules=['lint']\n")
    assert "first" in shop.lint()[0]
    assert shop.lint()[1]
    shop.write("lint/one.py", rule.format(name="one", code="TEAM001", message="other"))
    assert "other" in shop.lint()[0]
    shop.write("lint/two.py", rule.format(name="two", code="TEAM002", message="second"))
    assert "second" in shop.lint()[0]


def test_a_file_beyond_the_repository_that_was_read_is_seen(shop, tmp_path):
    settings = tmp_path / "settings.toml"
    settings.write_text("select = ['MF2']\n")
    before, _ = shop.lint("--config", str(settings))
    assert shop.lint("--config", str(settings)) == (before, True)
    settings.write_text("select = ['MF3']\n")
    assert shop.lint("--config", str(settings))[0] != before


@pytest.mark.parametrize(
    "content",
    [b"", b"\x80\x81", b"{}", b"[" * 100_000, b'{"around": null}'],
    ids=["empty", "bytes", "json", "deep", "no digest"],
)
def test_what_is_no_cache_is_replaced(shop, content):
    fresh, _ = shop.lint()
    shop.kept[0].write_bytes(content)
    assert shop.lint() == (fresh, False)
    assert shop.lint() == (fresh, True)


def test_a_bit_that_fell_over_or_half_a_file_is_noticed(shop):
    fresh, _ = shop.lint()
    whole = shop.kept[0].read_bytes()
    for broken in (whole.replace(b"MF", b"MG", 1), whole[: len(whole) // 2]):
        shop.kept[0].write_bytes(broken)
        assert shop.lint() == (fresh, False)


def test_a_folder_that_cannot_be_written_or_leads_elsewhere_is_left_alone(shop, tmp_path):
    fresh, _ = shop.lint("--no-cache")
    shop.write(".metaflow_lint_cache", "a file\n")
    assert shop.lint() == (fresh, False)
    (shop.folder / ".metaflow_lint_cache").unlink()
    outside = tmp_path / "outside"
    outside.mkdir()
    (shop.folder / ".metaflow_lint_cache").symlink_to(outside)
    assert shop.lint() == (fresh, False)
    assert not list(outside.iterdir())


def test_runs_at_the_same_time_do_not_harm_each_other(shop):
    fresh, _ = shop.lint("--no-cache")
    with ThreadPoolExecutor(4) as pool:
        said = [run[0] for run in pool.map(lambda _: shop.lint(), range(6))]
    assert said == [fresh] * 6
    assert shop.lint() == (fresh, True)


def test_random_changes_never_bring_back_what_is_no_longer_so(shop):
    chance = random.Random(7)
    changes = [
        lambda: shop.write("names.py", f'EVENT = "{chance.choice(["ordered", "sold"])}"\n'),
        lambda: shop.write("base.py", BASE.replace("shop", chance.choice(["shop", "sale"]))),
        lambda: shop.write("base.py", chance.choice([BASE, "", BASE.replace("test-", "")])),
        lambda: shop.write("names/__init__.py", 'EVENT = "package"\n'),
        lambda: (shop.folder / "names.py").unlink(missing_ok=True),
        lambda: shop.write("orders.py", FLOW.format(name=chance.choice(["Orders", "Sales"]))),
        lambda: shop.write("new.py", FLOW.format(name="New").replace("self.rows, ", "")),
        lambda: (shop.folder / "new.py").unlink(missing_ok=True),
        lambda: shop.write(".gitignore", chance.choice(["", "new.py\n", "sales.py\n"])),
        lambda: shop.write("plain.py", f"print({chance.randrange(9)})\n"),
        lambda: None,
    ]
    hits = 0
    for _ in range(12):
        chance.choice(changes)()
        said, was_kept = shop.lint()
        hits += was_kept
        assert said == shop.lint("--no-cache")[0]
    assert hits


def test_diagnostics_come_back_as_they_were():
    here = Position(1, 2)
    related = (RelatedLocation("b.py", "there", here, here),)
    edits = (TextEdit(1, 2, "x", (0, "y")),)
    given = Diagnostic(
        "a.py", "MF1", "n", "m", "h", here, here, edits, "fix", Safety.SAFE, None, related
    )
    back = decoded(json.loads(json.dumps(encoded(given))))
    assert encoded(back) == encoded(given)
    assert (back.safety, back.related[0].start) == (Safety.SAFE, here)


def test_only_diagnostics_come_back():
    with pytest.raises(TypeError):
        encoded(object())
    with pytest.raises(KeyError):
        decoded(["Popen", "true"])
