from tests.rules.cases import Case

FLOW = """\
from metaflow import Config, FlowSpec, config_expr, project, step, trigger_on_finish

PAPERS = ["Papers", "ArxivPaper"]


@trigger_on_finish({})
@project(name="arxiv_topics")
class ArxivTopics(FlowSpec):
    config = Config("config", default_value={{"paper": "Paper", "papers": "Papers"}})

    @step
    def start(self): pass
"""
BASE = """\
from metaflow import FlowSpec, project, step, trigger_on_finish


@trigger_on_finish(flow="{}")
class Base(FlowSpec):
    pass


@project(name="arxiv_topics")
class ArxivTopics(Base):
    @step
    def start(self): pass


@trigger_on_finish(flow="ArxivAuthor")
@project(name="arxiv_topics")
class ArxivAuthors(Base):
    @step
    def start(self): pass
"""
PACKAGES = {
    "../pyproject.toml": "",
    "../papers/flow.py": FLOW.format('flow="ArxivTopics"').replace(
        "class ArxivTopics", "class Papers"
    ),
}

CASES = [
    *(
        Case(given, FLOW.format(given), at=at, packages=PACKAGES)
        for given, at in (
            ('flow="Papers"', ()),
            ('flow="Paper"', ('"Paper"',)),
            ('flows=["Papers", "Paper"]', ('"Paper"',)),
            ("flow=config_expr('config.paper')", ("config_expr('config.paper')",)),
            ("flow=config_expr('config.papers')", ()),
            ("flows=PAPERS", ('"ArxivPaper"',)),
            ("flows=tuple(PAPERS)", ()),
            ('flow={"name": "Paper"}', ('{"name": "Paper"}',)),
            ('flow={"name": "Papers"}', ()),
            ('flow={"name": "Paper", "project": "papers"}', ()),
            ('flows=["Paper", {"name": "Topic"}]', ('"Paper"', '{"name": "Topic"}')),
            ('flow="papers.Paper"', ()),
            ('flow="papers.prod.Paper"', ()),
            ('flow=""', ()),
        )
    ),
    Case(
        "what a base flow waits for is reported once, and its subclasses are checked too",
        BASE.format("Paper"),
        at=('"Paper"', '"ArxivAuthor"'),
        packages=PACKAGES,
    ),
    Case(
        "a flow without a decorator of its own has that of its base",
        BASE.format("Paper").partition('@trigger_on_finish(flow="ArxivA')[0],
        at=('"Paper"',),
        packages=PACKAGES,
    ),
    Case(
        "a base flow may wait for one that is there",
        BASE.format("Papers"),
        at=('"ArxivAuthor"',),
        packages=PACKAGES,
    ),
]
