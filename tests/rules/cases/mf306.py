from tests.rules.cases import Case, flow

CASES = [
    Case(
        "imports for types hide no other",
        flow(
            top="from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .a import b\n"
            "from own import *"
        ),
        at=("from own import *",),
    ),
    Case("those of Metaflow are known", flow(top="from metaflow import *")),
    Case(
        "those in steps are reported too",
        flow("from . import own"),
        at=("from . import own",),
        says=("imports from `.`,",),
    ),
]
