from tests.rules.cases import Case, flow

INCLUDED = 'METAFLOW_PACKAGE_POLICY = "include"\n'


def packages(**inits):
    return {
        "../pyproject.toml": "",
        **{f"../src/{name}/__init__.py": text for name, text in inits.items()},
    }


def held(text):
    """The package `first` with a module."""
    return {**packages(first=""), "../src/first/held.py": text}


CASES = [
    Case(
        "one that is included hides no other, and each is reported once",
        flow("import third\nimport second, second.more", top="import os\nimport first"),
        at=("import third", "import second, second.more"),
        says=("the package `third` only inside steps", "the package `second` only inside steps"),
        fixed=flow(
            "import third\nimport second, second.more",
            top="import os\nimport first\nimport third  # noqa: F401\nimport second  # noqa: F401",
        ),
        packages=packages(first=INCLUDED, second=INCLUDED, third=INCLUDED),
    ),
    Case(
        "it is reported once for a package",
        flow("import first", "import first", top="import os"),
        at=("import first",),
        fixed=flow("import first", "import first", top="import os\nimport first  # noqa: F401"),
        packages=packages(first=INCLUDED),
    ),
    Case(
        "a repository may have a package that is called like Metaflow",
        flow("import metaflow"),
        packages=packages(metaflow=""),
    ),
    Case(
        "packages from elsewhere are left to the environment",
        flow("import numpy\nimport first", top="import os"),
        at=("import first",),
        fixed=flow("import numpy\nimport first", top="import os\nimport first  # noqa: F401"),
        packages=packages(first=INCLUDED),
    ),
    *(
        Case(f"{text} comes with what it holds", flow("M()", top=top), packages=held(text))
        for top in ("from first.held import M", "import first.held")
        for text in (
            INCLUDED,
            "from metaflow import FlowMutator\n\n\nclass M(FlowMutator):\n    pass\n",
            "from metaflow import StepMutator\n\n\nclass M(StepMutator):\n    pass\n",
            "from metaflow import user_step_decorator\n\n\n@user_step_decorator\ndef M(): pass\n",
        )
    ),
    *(
        Case(f"{text} does not", flow("M()", top=top), at=(top,), packages=held(text))
        for top in ("from first.held import M", "import first.held")
        for text in (
            "",
            INCLUDED.replace("include", "exclude"),
            "OTHER = 'include'\n",
            "from own import Mutator\n\n\nclass M(Mutator):\n    pass\n",
            "from own import wrapped\n\n\n@wrapped\ndef M(): pass\n",
        )
    ),
    Case(
        "all that is imported of it has to",
        flow("held()", top="from first import held, other"),
        at=("from first import held, other",),
        packages={**held(INCLUDED), "../src/first/other.py": ""},
    ),
    Case(
        "what comes with what it holds hides nothing beside it",
        flow("held()", top="import first.held, second"),
        at=("import first.held, second",),
        says=("uses the package `second`, which",),
        packages={**held(INCLUDED), "../src/second/__init__.py": ""},
    ),
    Case(
        "what is imported at module level needs only the policy, in a file that is named",
        flow("held()", top="import second"),
        at=("import second",),
        says=('`METAFLOW_PACKAGE_POLICY = "include"` into `src/second/__init__.py`\n',),
        packages={"../src/second/__init__.py": "", "../pyproject.toml": ""},
    ),
]
