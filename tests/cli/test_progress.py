"""The bar: only for those who wait at a terminal, and gone when the run is over."""

import io

import pytest

from lint_rules.cli import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def slow(monkeypatch):
    """A clock on which every look costs 0.4 s."""
    ticks = iter(range(10_000))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(ticks) * 0.4)


def test_a_long_run_shows_how_far_it_is_and_clears_up(monkeypatch, slow):
    terminal = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", terminal)
    assert list(progress.with_progress_bar(range(10))) == list(range(10))
    shown = terminal.getvalue()
    assert "5/10 files" in shown
    assert shown.endswith("\r\033[K")


def test_a_short_run_shows_nothing(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", terminal)
    assert list(progress.with_progress_bar(range(10))) == list(range(10))
    assert terminal.getvalue() == ""


def test_without_a_terminal_nothing_is_shown(monkeypatch, slow):
    stream = io.StringIO()
    monkeypatch.setattr(progress.sys, "stderr", stream)
    assert list(progress.with_progress_bar(range(10))) == list(range(10))
    assert stream.getvalue() == ""
