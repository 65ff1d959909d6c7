from tests.rules.cases import Case, flow

TOP = "from metaflow import namespace\nfrom own import other"

CASES = [
    Case(
        "other calls hide none",
        flow('other()\nprint(1)\nnamespace(ns="project:arxiv")', top=TOP),
        at=('namespace(ns="project:arxiv")',),
        says=("reads from `project:arxiv`,",),
    ),
    Case(
        "all namespaces are one",
        flow("namespace(None)", top=TOP),
        at=("namespace(None)",),
        says=("reads from all namespaces,",),
    ),
    Case("one that is given to the run is not fixed", flow("namespace(self.given)", top=TOP)),
    Case(
        "without a project, only the command line can choose",
        flow("namespace(None)", top=TOP),
        at=("namespace(None)",),
        says=("another namespace with `run --namespace`\n",),
    ),
    Case(
        "the package of a project can choose too",
        flow("namespace(None)", top=f"{TOP}\nimport arxiv", above='@project(name="arxiv")'),
        at=("namespace(None)",),
        says=('`namespace("project:arxiv")` in the `__init__.py` of `arxiv`',),
        packages={"../src/arxiv/__init__.py": "", "../pyproject.toml": ""},
    ),
    *(
        Case(
            f"a namespace for a moment, {how}",
            flow(code, top="from metaflow import get_namespace, namespace"),
        )
        for how, code in (
            ("in order", "before = get_namespace()\nnamespace(None)\nread()\nnamespace(before)"),
            (
                "also after an error",
                "if test:\n    ns = get_namespace()\n    try:\n        namespace(None)\n"
                "    finally:\n        namespace(ns)",
            ),
        )
    ),
    *(
        Case(
            f"a namespace that stays: {how}",
            flow(code, top="from metaflow import get_namespace, namespace"),
            at=("namespace(None)",),
        )
        for how, code in (
            ("Metaflow returns the new one", "old = namespace(None)\nread()\nnamespace(old)"),
            ("nothing sets the earlier one", "old = get_namespace()\nnamespace(None)"),
            ("it was set before", "old = get_namespace()\nnamespace(old)\nnamespace(None)"),
            ("another one is set", "old = get_namespace()\nnamespace(None)\nnamespace(new)"),
        )
    ),
]
