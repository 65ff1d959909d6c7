from tests.rules.cases import Case, flow

CASES = [
    Case(
        "imports that may stay do not hide those that may not",
        flow(
            "print(annotations, fetch(), os, counts(), numpy.zeros(3))",
            top="""
            from __future__ import annotations
            from everything import *
            import os
            from counting import counts
            import unused
            import numpy
            """,
        ),
        at=("from counting import counts", "import numpy"),
        fixed=flow(
            """
            import numpy
            from counting import counts

            print(annotations, fetch(), os, counts(), numpy.zeros(3))
            """,
            top="""
            from __future__ import annotations
            from everything import *
            import os
            import unused
            """,
        ),
    ),
    Case(
        "a module beside the flow's file is reported, and left to its author",
        flow("print(count(), numpy)", top="from counting import count\nimport numpy"),
        at=("from counting import count", "import numpy"),
        fixed=flow("import numpy\n\nprint(count(), numpy)", top="from counting import count"),
        packages={"counting.py": "def count(): pass\n"},
    ),
    Case(
        "a package with the policy is seen where the flow's file imports it",
        flow("print(count())", top="from counting import count"),
        packages={
            "../pyproject.toml": "",
            "../src/counting/__init__.py": 'METAFLOW_PACKAGE_POLICY = "include"\n',
        },
    ),
    Case(
        "several names are spoken of as such",
        flow(
            "print(array, zeros)",
            "print(ones)",
            top="from numpy import array, ones, zeros  # all of them",
        ),
        at=("from numpy import array, ones, zeros",),
        fixed=flow(
            "from numpy import array, zeros  # all of them\n\nprint(array, zeros)",
            "from numpy import ones  # all of them\n\nprint(ones)",
        ),
        says=(
            "`array`, `ones` and `zeros` of `numpy` are imported at module level",
            "import each at the top of the steps that use it (`start` and `end`)\n",
        ),
    ),
    Case(
        "the comment stays with the names that stay",
        flow("print(array)", top="from numpy import array, ones  # both\n\nprint(ones)"),
        at=("from numpy import array, ones",),
        fixed=flow(
            "from numpy import array\n\nprint(array)",
            top="from numpy import ones  # both\n\nprint(ones)",
        ),
    ),
    Case(
        "an import in a try stays, since it says what to do without",
        flow("print(numpy)", top="try:\n    import numpy\nexcept ImportError:\n    pass"),
        at=("import numpy",),
    ),
    *(
        Case(
            f"{text} may mean another folder in a step",
            flow("print(fetch)", top=text),
            at=(text,),
            says=(shown,),
        )
        for text, shown in (
            ("from .papers import fetch", "`.papers.fetch` is imported"),
            ("from ..papers import fetch", "`..papers.fetch` is imported"),
            ("from . import fetch", "`.fetch` is imported"),
        )
    ),
    Case(
        "what is set on a module is a use of it",
        flow("numpy.quiet = True", top="import numpy"),
        at=("import numpy",),
        fixed=flow("import numpy\n\nnumpy.quiet = True"),
    ),
    Case(
        "code that deletes a name needs it where it is",
        flow("global numpy\ndel numpy", top="import numpy"),
    ),
]
