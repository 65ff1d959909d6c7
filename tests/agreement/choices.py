"""Chance: Hypothesis's, which makes failing flows small, or Python's own, which is fast."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Choices(Protocol):
    """What a generator asks for."""

    def one_of(self, things: Sequence[T]) -> T:
        """One of some things."""

    def number(self, least: int, most: int) -> int:
        """A number, both ends included."""

    def coin(self) -> bool:
        """Yes or no."""


class Drawn:
    """Choices of Hypothesis."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def one_of(self, things: Sequence[T]) -> T:
        return self._draw(st.sampled_from(things))

    def number(self, least: int, most: int) -> int:
        return self._draw(st.integers(least, most))

    def coin(self) -> bool:
        return self._draw(st.booleans())


class Random:
    """Choices of Python's generator, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def one_of(self, things: Sequence[T]) -> T:
        return self._random.choice(things)

    def number(self, least: int, most: int) -> int:
        return self._random.randint(least, most)

    def coin(self) -> bool:
        return self._random.random() < 0.5
