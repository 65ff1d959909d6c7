"""Small flows, one for each thing that a scheduler may not take."""

from __future__ import annotations

from typing import NamedTuple

_LINEAR = """
    @step
    def start(self):
        self.next(self.end)
"""

_FOREACH = """
    @step
    def start(self):
        self.items = [1]
        self.next(self.one, foreach="items")
{above}
    @step
    def one(self):
        self.next(self.all)

    @step
    def all(self, inputs):
        self.next(self.end)
"""

_NESTED = """
    @step
    def start(self):
        self.items = [1]
        self.next(self.one, foreach="items")

    @step
    def one(self):
        self.next(self.two, foreach="items")

    @step
    def two(self):
        self.next(self.all_two)

    @step
    def all_two(self, inputs):
        self.next(self.all_one)

    @step
    def all_one(self, inputs):
        self.next(self.end)
"""

_SWITCH = """
    @step
    def start(self):
        self.case = "a"
        self.next({"a": self.one, "b": self.two}, condition="case")

    @step
    def one(self):
        self.next(self.end)

    @step
    def two(self):
        self.next(self.end)
"""

_LOOP = """
    @step
    def start(self):
        self.next(self.one)

    @step
    def one(self):
        self.case = "b"
        self.next({"a": self.one, "b": self.end}, condition="case")
"""

_SWITCH_IN_FOREACH = """
    @step
    def start(self):
        self.items = [1]
        self.next(self.one, foreach="items")

    @step
    def one(self):
        self.case = "a"
        self.next({"a": self.two, "b": self.three}, condition="case")

    @step
    def two(self):
        self.next({join})

    @step
    def three(self):
        self.next({join})
{middle}
    @step
    def all(self, inputs):
        self.next(self.end)
"""

_MIDDLE = """
    @step
    def four(self):
        self.next(self.all)
"""

_PARALLEL = """
    @step
    def start(self):
        self.next(self.one, num_parallel=2)

    @parallel
    @step
    def one(self):
        self.next(self.all)

    @step
    def all(self, inputs):
        self.next(self.end)
"""

_ONE_STEP = """
    @step
    def only(self):
        pass
"""


class Construct(NamedTuple):
    """A flow that has one thing which a scheduler may not take.

    Attributes:
        body: what stands in the class, but for its end.
        flow: decorators of the flow.
        step: decorators of the first step.
        shows: whether a scheduler that takes it must tell it in what it deploys.
    """

    body: str = _LINEAR
    flow: str = ""
    step: str = ""
    shows: bool = False

    def source(self) -> str:
        """Return the flow's file."""
        end = "" if self.body is _ONE_STEP else "\n    @step\n    def end(self):\n        pass\n"
        body = self.body.replace("    @step", f"    {self.step}\n    @step", 1)
        names = "from metaflow import *\nfrom metaflow import FlowSpec, Parameter, step\n\n"
        main = '\n\nif __name__ == "__main__":\n    Tried()\n'
        return f"{names}\n{self.flow}\nclass Tried(FlowSpec):\n{body}{end}{main}"


_REQUIRED = f'    needed = Parameter("needed", required=True)\n{_LINEAR}'
_NO_DEFAULT = f'    needed = Parameter("needed")\n{_LINEAR}'

CONSTRUCTS = {
    "batch": Construct(step="@batch"),
    "card": Construct(step="@card"),
    "catch": Construct(step="@catch"),
    "conditional to join in foreach": Construct(
        _SWITCH_IN_FOREACH.replace("{join}", "self.all").replace("{middle}", "")
    ),
    "event name with slash": Construct(flow='@trigger(event="a/b")'),
    "event name with space": Construct(flow='@trigger(event="a b")'),
    "event parameter unknown": Construct(
        flow='@trigger(event={"name": "a", "parameters": {"missing": "b"}})'
    ),
    "exit_hook": Construct(flow='@exit_hook(on_success=["print"])', shows=True),
    "foreach": Construct(_FOREACH.format(above="")),
    "kubernetes": Construct(step="@kubernetes"),
    "kubernetes namespace": Construct(step='@kubernetes(namespace="other")'),
    "nested foreach": Construct(_NESTED),
    "one step": Construct(_ONE_STEP),
    "parallel": Construct(_PARALLEL),
    "parameter without default with schedule": Construct(_NO_DEFAULT, flow="@schedule(daily=True)"),
    "project": Construct(flow='@project(name="work")', shows=True),
    "required parameter": Construct(_REQUIRED),
    "required parameter with schedule": Construct(_REQUIRED, flow="@schedule(daily=True)"),
    "resources disk": Construct(step="@resources(disk=20000)", shows=True),
    "resources gpu": Construct(step="@resources(gpu=1)", shows=True),
    "resources memory": Construct(step="@resources(memory=9000)", shows=True),
    "resources memory as text": Construct(step='@resources(memory="16GB")'),
    "resources shared_memory": Construct(step="@resources(shared_memory=64)", shows=True),
    "retry": Construct(step="@retry(times=2)", shows=True),
    "schedule": Construct(flow="@schedule(daily=True)", shows=True),
    "schedule cron of five fields": Construct(flow='@schedule(cron="0 10 * * *")', shows=True),
    "schedule cron of six fields": Construct(flow='@schedule(cron="0 10 * * ? *")', shows=True),
    "schedule timezone": Construct(
        flow='@schedule(daily=True, timezone="Europe/Berlin")', shows=True
    ),
    "schedule unknown timezone": Construct(flow='@schedule(daily=True, timezone="Nowhere")'),
    "switch": Construct(_SWITCH),
    "switch in foreach": Construct(
        _SWITCH_IN_FOREACH.replace("{join}", "self.four").replace("{middle}", _MIDDLE)
    ),
    "switch to own step": Construct(_LOOP),
    "timeout": Construct(step="@timeout(minutes=5)", shows=True),
    "timeout under a minute": Construct(step="@timeout(seconds=30)"),
    "trigger": Construct(flow='@trigger(event="a")', shows=True),
    "trigger and trigger_on_finish": Construct(
        flow='@trigger(event="a")\n@trigger_on_finish(flow="Other")'
    ),
    "trigger_on_finish": Construct(flow='@trigger_on_finish(flow="Other")', shows=True),
}

SETTINGS = {
    "METAFLOW_SFN_IAM_ROLE": "arn:aws:iam::1:role/metaflow",
    "METAFLOW_SFN_DYNAMO_DB_TABLE": "table",
    "METAFLOW_EVENTS_SFN_ACCESS_IAM_ROLE": "arn:aws:iam::1:role/metaflow",
    "METAFLOW_BATCH_JOB_QUEUE": "queue",
    "METAFLOW_ECS_S3_ACCESS_IAM_ROLE": "arn:aws:iam::1:role/metaflow",
    "METAFLOW_ARGO_EVENTS_EVENT": "event",
    "METAFLOW_ARGO_EVENTS_EVENT_BUS": "default",
    "METAFLOW_ARGO_EVENTS_EVENT_SOURCE": "source",
    "METAFLOW_ARGO_EVENTS_SERVICE_ACCOUNT": "account",
    "METAFLOW_ARGO_EVENTS_WEBHOOK_URL": "http://127.0.0.1:9/",
    "METAFLOW_KUBERNETES_NAMESPACE": "default",
    "METAFLOW_SERVICE_VERSION_CHECK": "0",
    "METAFLOW_DATASTORE_SYSROOT_S3": "s3://bucket/metaflow",
    "AWS_DEFAULT_REGION": "us-east-1",
}
"""What a deployment of Metaflow has set. Metaflow reads it when it is imported."""
