from tests.rules.cases import Case, flow

USES = """\
def used(context): return 1
def unused(): return 2
"""


def kept(body, above=""):
    return Case(
        f"{above or body} is called by Metaflow",
        flow(
            top="from metaflow import Config, config_expr, trigger\nfrom own import events, own",
            above=f"{USES}\n\n{above}",
            body=body and f"{body}\n\n",
        ),
        at=("unused",),
        says=("The file of the flow `ArxivTopics` also defines the function `unused`",),
    )


def reported(body, above=""):
    return Case(
        f"{above or body} is not",
        flow(
            top="from metaflow import Config, config_expr, trigger\nfrom own import events, own",
            above=f"{USES}\n\n{above}",
            body=body and f"{body}\n\n",
        ),
        at=("used", "unused"),
    )


CASES = [
    kept('limit = Parameter("limit", default=used)'),
    kept('limit = Parameter("limit", default=lambda context: used(context))'),
    kept('config = Config("config", parser=used)'),
    kept("", "@trigger(event=used)"),
    kept("", '@trigger(events=["papers", used])'),
    kept("", '@trigger(event={"name": used})'),
    kept("", "@namespaced_trigger(event=used)"),
    kept("", "@events.namespaced_trigger(event=used)"),
    kept("", '@events.namespaced_trigger(event={"name": used})'),
    reported('limit = Parameter("limit", default=used(1))'),
    reported('limit = Parameter("limit", default=own(used))'),
    reported("limit = own(used)"),
    reported("limit = own(1)(used)"),
    reported("", "@own(used)"),
    Case(
        "the flow hides nothing that stands below it",
        flow(below="\n\ndef unused(): pass\n"),
        at=("unused",),
    ),
    Case(
        "a base flow beside it is reported",
        "from metaflow import FlowSpec, step\n\n\nclass Base(FlowSpec):\n    pass\n\n\n"
        "class ArxivTopics(Base):\n    @step\n    def start(self): pass\n",
        at=("Base",),
        says=("The file of the flow `ArxivTopics` also defines the class `Base`",),
    ),
    Case(
        "the package that the file imports has room for it",
        flow(top="import arxiv", below="\n\ndef unused(): pass\n"),
        at=("unused",),
        says=("move it into the package `arxiv`, and",),
        packages={"../src/arxiv/__init__.py": "", "../pyproject.toml": ""},
    ),
    Case(
        "without a package, a module beside the file has",
        flow(top="import arxiv", below="\n\ndef unused(): pass\n"),
        at=("unused",),
        says=("move it into a module beside this file, and",),
    ),
]
