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
    Case(
        "without a package, the module beside the file has its own name",
        flow("from . import own as other\nfrom .own import one"),
        at=("from . import own as other", "from .own import one"),
        says=("write `import own as other`", "write `from own import one`"),
    ),
    Case(
        "in a package, the whole name begins with it",
        flow("from .own import one\nfrom .. import own\nfrom ... import other"),
        at=("from .own import one", "from .. import own", "from ... import other"),
        says=("`from flows.own import one`", *("import with the full name",) * 2),
        packages={"__init__.py": ""},
    ),
]
