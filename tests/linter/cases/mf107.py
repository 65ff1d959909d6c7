from tests.linter.cases import Case, flow

INCLUDED = 'METAFLOW_PACKAGE_POLICY = "include"\n'


def packages(**inits):
    return {
        "../pyproject.toml": "",
        **{f"../src/{name}/__init__.py": text for name, text in inits.items()},
    }


CASES = [
    Case(
        "one that travels hides no other, and each is told once",
        flow("import third\nimport second, second.more", top="import os\nimport first"),
        at=("import third", "import second, second.more"),
        says=("The package `third` does", "The package `second` does"),
        fixed=flow(
            "import third\nimport second, second.more",
            top="import os\nimport first\nimport third  # noqa: F401\nimport second  # noqa: F401",
        ),
        packages=packages(first=INCLUDED, second=INCLUDED, third=INCLUDED),
    ),
    Case(
        "it is told once of a package",
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
]
