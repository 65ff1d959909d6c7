from tests.rules.cases import Case, flow

CASES = [
    Case(
        "what the future brings is no module of a step",
        flow("print(annotations)", top="from __future__ import annotations"),
    ),
]
