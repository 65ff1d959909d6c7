from tests.rules.cases import Case

FLOW = """\
from metaflow import FlowSpec, current, project, step
from metaflow.integrations import ArgoEvent

from arxiv_topics.events import namespaced_trigger


{above}@project(name="arxiv_topics")
class ArxivTopics(FlowSpec):
    @step
    def start(self):
        {start}

    @step
    def end(self):
        print(current.is_production, current.branch_name)
"""


def events(start, above=""):
    return FLOW.format(start=start, above=above)


def fixed_to(before, after):
    return Case(
        f"{before} becomes {after or 'nothing else'}",
        events(before),
        at=(before,),
        fixed=after and events(after),
    )


CASES = [
    fixed_to('ArgoEvent("papers").publish()', 'ArgoEvent("papers").safe_publish()'),
    fixed_to('ArgoEvent("papers").publish({}, True)', 'ArgoEvent("papers").publish({}, False)'),
    fixed_to(
        'ArgoEvent("papers").publish({}, force=True)',
        'ArgoEvent("papers").publish({}, force=False)',
    ),
    fixed_to('ArgoEvent("papers").publish({}, True, False)', None),
    fixed_to('ArgoEvent("papers").publish(ignore_errors=False)', None),
    fixed_to(
        'namespaced_trigger.raise_event("papers")',
        'namespaced_trigger.raise_event("papers", safe_publish=True)',
    ),
    fixed_to(
        'namespaced_trigger.raise_event("papers", {}, False)',
        'namespaced_trigger.raise_event("papers", {}, True)',
    ),
    fixed_to(
        'namespaced_trigger.raise_event("papers", safe_publish=False)',
        'namespaced_trigger.raise_event("papers", safe_publish=True)',
    ),
    fixed_to("namespaced_trigger.raise_event()", None),
    Case(
        "one that is safe hides no other",
        events('ArgoEvent("a").safe_publish(); ArgoEvent("papers").publish()'),
        at=('ArgoEvent("papers").publish()',),
        fixed=events('ArgoEvent("a").safe_publish(); ArgoEvent("papers").safe_publish()'),
    ),
    *(
        Case(
            f"a function that asks for {asked} guards itself",
            events(
                "tell()",
                f'def tell():\n    if current.{asked}: ArgoEvent("papers").publish()\n\n\n',
            ),
        )
        for asked in ("is_production", "branch_name")
    ),
    Case(
        "one that asks for something else does not",
        events(
            "tell()",
            'def tell():\n    if current.run_id: ArgoEvent("papers").publish()\n\n\n',
        ),
        at=('ArgoEvent("papers").publish()',),
        fixed=events(
            "tell()",
            'def tell():\n    if current.run_id: ArgoEvent("papers").safe_publish()\n\n\n',
        ),
    ),
]
