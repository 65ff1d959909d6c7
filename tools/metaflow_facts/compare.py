"""Compares facts that different Pythons read, whose own exceptions have different texts."""

from __future__ import annotations

import re
from typing import Any


def comparable(facts: Any) -> Any:
    """Return facts with only the type of Python's own exceptions, in an order of their own."""
    if isinstance(facts, dict):
        found = {key: comparable(value) for key, value in facts.items()}
        if "refuses" in found:
            found["refuses"] = sorted(
                (kind, group["stage"], group["message"])
                for group in found["refuses"]
                for kind in group["kinds"]
            )
        return found
    if isinstance(facts, list):
        return [comparable(value) for value in facts]
    if isinstance(facts, str):
        return re.sub(r"^(\w+(?:Error|Exception)): .*", r"\1", facts, flags=re.DOTALL)
    return facts
