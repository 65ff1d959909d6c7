from tests.rules.cases import Case

WAITING = """\
from metaflow import Config, FlowSpec, config_expr, namespaced_event_name, project, step, trigger
from metaflow.integrations import ArgoEvent

from arxiv_topics.events import namespaced_trigger


{waits}
@project(name="arxiv_topics")
class ArxivTopics(FlowSpec):
{body}    @step
    def start(self):
        {raises}
"""
CONFIG = """\
    config = Config(
        "config", default_value={"paper": "paper", "papers": "papers", "all": ["paper"]}
    )

"""
PROJECT = {"../pyproject.toml": ""}


def events(waits="", raises="pass"):
    return WAITING.format(waits=waits, raises=raises, body=CONFIG)


def unheard(waits, raises, at):
    """A flow that waits for `paper` and raises `papers`."""
    return Case(
        f"{raises} is not what {waits} waits for",
        events(waits, raises),
        at=at,
        says=("the event `paper` here, but", "The event `papers` is raised here, but"),
        packages=PROJECT,
    )


CASES = [
    *(
        unheard(waits, 'ArgoEvent("papers").publish()', (at, '"papers"'))
        for waits, at in (
            ('@trigger(event="paper")', '"paper"'),
            (
                '@trigger(event=namespaced_event_name("paper"))',
                'namespaced_event_name("paper")',
            ),
            (
                '@trigger(event=namespaced_event_name(name="paper"))',
                'namespaced_event_name(name="paper")',
            ),
            ('@trigger(event={"name": "paper", "parameters": {}})', '"paper"'),
            ('@trigger(events=["paper"])', '"paper"'),
            ('@namespaced_trigger(event="paper")', '"paper"'),
            ("@trigger(event=config_expr('config.paper'))", "config_expr('config.paper')"),
            ("@trigger(events=config_expr('config.all'))", '"paper"'),
        )
    ),
    *(
        unheard('@trigger(event="paper")', raises, ('"paper"', at))
        for raises, at in (
            ('ArgoEvent(name="papers").publish()', '"papers"'),
            (
                'ArgoEvent(namespaced_event_name("papers")).publish()',
                'namespaced_event_name("papers")',
            ),
            (
                'ArgoEvent(namespaced_event_name(name="papers")).safe_publish()',
                'namespaced_event_name(name="papers")',
            ),
            ('namespaced_trigger.raise_event("papers", {})', '"papers"'),
            ('namespaced_trigger.raise_event(name="papers", payload={})', '"papers"'),
            ('namespaced_trigger.raise_event(event="papers", payload={})', '"papers"'),
            ("ArgoEvent(self.config.papers).publish()", "self.config.papers"),
            (
                "ArgoEvent(namespaced_event_name(self.config.papers)).publish()",
                "namespaced_event_name(self.config.papers)",
            ),
        )
    ),
    Case(
        "all events of all flows are looked at",
        events('@trigger(events=["paper", "topic"])').replace(
            "@trigger",
            '@trigger(event="author")\n@project(name="arxiv_topics")\n'
            "class ArxivAuthors(FlowSpec):\n    @step\n    def start(self): pass\n\n\n@trigger",
            1,
        ),
        at=('"author"', '"paper"', '"topic"'),
        packages=PROJECT,
    ),
    Case(
        "tests raise what they like",
        events('@trigger(event="papers")'),
        packages={
            **PROJECT,
            "../a/test_events.py": events("", 'ArgoEvent("paper").publish()'),
            "../papers/flow.py": events("", 'ArgoEvent("papers").publish()'),
        },
    ),
    Case(
        "functions raise events too",
        events('@trigger(event="paper")') + '\n\ndef tell():\n    ArgoEvent("papers").publish()\n',
        at=('"paper"', '"papers"'),
        packages=PROJECT,
    ),
    Case(
        "a name that is worked out on one side says nothing of the other",
        events(
            '@trigger(event="paper")',
            'ArgoEvent("papers").publish(); ArgoEvent(name(self)).publish()',
        ),
        at=('"papers"',),
        packages=PROJECT,
    ),
    Case(
        "a name may be worked out where they are waited for",
        events("@trigger(event=lambda context: name())", 'ArgoEvent("papers").publish()'),
        packages=PROJECT,
    ),
    Case(
        "an event may be raised without a name in sight",
        events('@trigger(event="paper")', "ArgoEvent().publish()"),
        packages=PROJECT,
    ),
    Case(
        "what another function makes of a name is another name",
        events('@trigger(event="papers")', 'ArgoEvent(own("paper")).publish()'),
        packages=PROJECT,
    ),
    Case(
        "a helper raises what it is given",
        events('@trigger(event="paper")', 'tell("papers"); tell(name="paper")')
        + "\n\ndef tell(name):\n    ArgoEvent(name).publish()\n",
        at=('"papers"',),
        packages=PROJECT,
    ),
    Case(
        "a helper of another file, through one more",
        events('@trigger(event="paper")', 'tell("papers")').replace(
            "from arxiv", "from telling import tell\nfrom arxiv", 1
        ),
        at=('"paper"', '"papers"'),
        packages={
            **PROJECT,
            "telling.py": "from metaflow.integrations import ArgoEvent\n\n\n"
            "def tell(name):\n    publish(name)\n\n\n"
            "def publish(event):\n    ArgoEvent(event).publish()\n",
        },
    ),
    Case(
        "a helper may be given any name",
        events('@trigger(event="paper")', "tell(self.config.papers + self.x)")
        + "\n\ndef tell(name):\n    ArgoEvent(name).publish()\n",
        packages=PROJECT,
    ),
    Case(
        "the event decorator publishes what its callers name",
        events('@trigger(event="paper")', 'namespaced_trigger.raise_event("papers")'),
        at=('"paper"', '"papers"'),
        packages={
            **PROJECT,
            "arxiv_topics/events.py": "from metaflow import FlowMutator\n"
            "from metaflow.integrations import ArgoEvent\n\n\n"
            "class namespaced_trigger(FlowMutator):\n    @staticmethod\n"
            "    def raise_event(name):\n        ArgoEvent(full(name)).publish()\n",
        },
    ),
]
