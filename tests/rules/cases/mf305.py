from tests.rules.cases import Case, flow


def setup(*lines):
    """A step that first does something, then imports."""
    return flow("\n".join((*lines, "import numpy")))


DECIDES = [
    'exec("a = 1")',
    'eval("a")',
    '__import__("site")',
    'subprocess.check_call(["sh", "get.sh"])',
    "importlib.invalidate_caches()",
    'site.addsitedir("lib")',
    'zipimport.zipimporter("lib.zip")',
    "tools[0]()",
    "sys.path.append(lib)",
]
"""What may decide what an import finds: the import below it is at its place."""

CASES = [
    *(Case(f"an import may need {line}", setup(line)) for line in DECIDES),
    *(
        Case(
            f"no import needs {line}",
            setup(line),
            at=("import numpy",),
            fixed=flow(f"import numpy\n\n{line}"),
        )
        for line in (
            "config = open(path)",
            "config = json.path(text)",
            "print(init)",
            "copy = dict(found)",
            'namespace("project:arxiv")',
        )
    ),
    *(
        Case(
            "what may decide what is imported stands before it",
            flow(f"print(1)\n{line}\nimport numpy"),
            at=("import numpy",),
        )
        for line in DECIDES
    ),
    Case(
        "a call of Metaflow decides nothing whatever its name",
        flow(
            """
            namespace("project:arxiv_topics")
            default = environ()
            import numpy
            """,
            top="from metaflow import namespace\nfrom metaflow.config import environ",
        ),
        at=("import numpy",),
        fixed=flow(
            """
            import numpy

            namespace("project:arxiv_topics")
            default = environ()
            """,
            top="from metaflow import namespace\nfrom metaflow.config import environ",
        ),
    ),
    Case(
        "a text in the work is no work",
        flow('"""Fetch."""\n"more"\nimport numpy'),
    ),
    Case(
        "a try without imports is work",
        flow("import json\ntry:\n    work()\nfinally:\n    pass\nimport numpy"),
        at=("import numpy",),
        fixed=flow("import json\n\nimport numpy\ntry:\n    work()\nfinally:\n    pass"),
    ),
    Case(
        "what a try without imports ends is found with the imports before it",
        flow("import json\ntry:\n    work()\nfinally:\n    pass"),
    ),
    Case(
        "the only statement of a with stays",
        flow("print(1)\nwith quiet():\n    import numpy"),
        at=("import numpy",),
    ),
    Case(
        "one of several statements of a with moves",
        flow("print(1)\nwith quiet():\n    import numpy\n    print(numpy)"),
        at=("import numpy",),
        fixed=flow("import numpy\n\nprint(1)\nwith quiet():\n    print(numpy)"),
    ),
    *(
        Case(
            f"an import in {block} stays, which may not be reached",
            flow(f"print(1)\n{block}:\n    import numpy\n    print(numpy)"),
            at=("import numpy",),
        )
        for block in ("if a", "for a in b", "while a", "if a:\n    pass\nelse")
    ),
    Case(
        "a comment at the end of the import comes along",
        flow("print(1)\nimport numpy  # for now"),
        at=("import numpy",),
        fixed=flow("import numpy  # for now\n\nprint(1)"),
    ),
    Case(
        "a name that is set before the import stays as it is",
        flow("numpy = 1\nprint(numpy)\nimport numpy"),
        at=("import numpy",),
    ),
    Case(
        "a name of which an item is set before the import stays as it is",
        flow("numpy[0] = x = 1\nimport numpy"),
        at=("import numpy",),
    ),
    Case(
        "with an item, its other targets are looked at too",
        flow("numpy = found[0] = 1\nimport numpy"),
        at=("import numpy",),
    ),
    *(
        Case(
            f"the step goes on without the package: {handler}",
            flow(f"print(1)\ntry:\n    import numpy\n    numpy.ones(3)\n{handler}"),
        )
        for handler in (
            "except ImportError:\n    pass",
            "except Exception as error:\n    print(error)",
            "except (KeyError, ModuleNotFoundError):\n    print(2)",
            "except:\n    numpy = None",
            "except builtins.BaseException:\n    if strict:\n        raise",
            "except KeyError:\n    raise\nexcept Exception:\n    pass",
        )
    ),
    *(
        Case(
            f"the step fails without the package: {handler}",
            flow(f"print(1)\ntry:\n    import numpy\n    numpy.ones(3)\n{handler}"),
            at=("import numpy",),
        )
        for handler in (
            "finally:\n    print(2)",
            "except KeyError:\n    pass",
            "except Exception as error:\n    print(error)\n    raise",
            "except ImportError as error:\n    raise RuntimeError('pip install numpy') from error",
        )
    ),
    *(
        Case(f"an import that runs only after an error, {kind}", flow(f"print(1)\n{code}"))
        for kind, code in (
            ("directly", "try:\n    work()\nexcept KeyError:\n    import traceback"),
            (
                "in a block",
                "try:\n    work()\nexcept KeyError:\n    if 1:\n        import pdb\n    raise",
            ),
        )
    ),
    Case(
        "an import after a try without errors is in the middle of the work, and at its end",
        flow(
            """
            print(1)
            try:
                work()
            except ImportError:
                pass
            else:
                import json
            finally:
                import gzip
            """
        ),
        at=("import json", "import gzip"),
    ),
    Case(
        "a with that suppresses errors",
        flow("print(1)\nwith contextlib.suppress(ImportError):\n    import numpy\n    work()"),
    ),
]
