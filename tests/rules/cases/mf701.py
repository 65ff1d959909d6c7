from tests.rules.cases import Case

FLOW = """\
from metaflow import FlowSpec, {imports}project, step, trigger
{own}
NAME = "papers"


{waits}
@project(name="arxiv_topics")
class ArxivTopics(FlowSpec):
    @step
    def start(self): pass
"""
OWN = "from arxiv_topics.events import namespaced_trigger\n"
OUTSIDE = {"external-events": ["month"]}


def own(waits):
    return FLOW.format(imports="", own=OWN, waits=waits)


def metaflows(waits):
    return FLOW.format(imports="namespaced_event_name, ", own="", waits=waits)


def fixed_to(before, after, write=own):
    return Case(
        f"{before} becomes {after or 'nothing else'} in {write.__name__} form",
        write(before),
        at=(before,),
        fixed=after and write(after),
        options=OUTSIDE,
    )


CASES = [
    fixed_to('@trigger(event="papers")', '@namespaced_trigger(event="papers")'),
    fixed_to(
        '@trigger(events=["papers", "topics"])', '@namespaced_trigger(events=["papers", "topics"])'
    ),
    fixed_to('@trigger(events=["papers", "month"])', None),
    fixed_to("@trigger(event=NAME)", None),
    fixed_to('@trigger(event="papers", **options)', None),
    fixed_to("@trigger(event=NAME)", "@trigger(event=namespaced_event_name(NAME))", metaflows),
    fixed_to(
        '@trigger(events=["papers", "month"])',
        '@trigger(events=[namespaced_event_name("papers"), "month"])',
        metaflows,
    ),
    fixed_to('@trigger(event="papers", **options)', None, metaflows),
    fixed_to('@trigger(event="pap" + "ers")', None, metaflows),
    *(
        Case(f"{waits} is as it should be", own(waits), options=OUTSIDE)
        for waits in (
            '@trigger(event="month")',
            "@trigger",
            "@trigger(**options)",
            '@trigger(event=find("papers"))',
            '@namespaced_trigger(event="papers")',
        )
    ),
    Case(
        "a base flow waits for it",
        own("")
        .replace(
            "\n@project",
            '@trigger(event="papers")\nclass Base(FlowSpec):\n    pass\n\n\n@project',
        )
        .replace("ArxivTopics(FlowSpec)", "ArxivTopics(Base)"),
        at=('@trigger(event="papers")',),
        fixed=own("")
        .replace(
            "\n@project",
            '@namespaced_trigger(event="papers")\nclass Base(FlowSpec):\n    pass\n\n\n@project',
        )
        .replace("ArxivTopics(FlowSpec)", "ArxivTopics(Base)"),
    ),
]
