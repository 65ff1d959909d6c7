"""What schedulers make of a flow, as compiling small flows for them shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What a scheduler makes of a construct.

    Attributes:
        answer: "accepted", "refused" or "dropped": then what is deployed is the same without it.
        message: what Metaflow says if it refuses, else empty. Names in it are those of a flow with
            the steps `start`, `one`, `two` …, and the parameter `needed`.
    """

    answer: str
    message: str


def answers_from(data: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Answer]:
    """Return the answers of one scheduler as the data have them."""
    return {name: Answer(d["answer"], d.get("message", "")) for name, d in data.items()}
