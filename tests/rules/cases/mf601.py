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
]
