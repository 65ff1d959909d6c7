"""MF709."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.event_payloads import Payloads
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class EventPayload(Rule):
    """
    ## What it does
    Checks that the payload of an event arrives unchanged.

    `add_to_payload` must not get a dictionary or a list, and a payload must be a dictionary that
    JSON can represent.

    ## Why is this bad?
    Neither mistake is an error:

    - `add_to_payload` stores `str(value)`. A dictionary arrives as the text `{'papers': 1}`, in
      single quotes, which is not JSON. If the waiting flow has a parameter with `type=JSONType`, it
      refuses the text. Use `json.dumps(…)`.
    - If JSON cannot represent the payload, Metaflow does not publish the event. Nothing fails, and
      `publish()` returns `None`. The log says
      `Unable to publish Argo Event (papers): Object of type datetime is not JSON serializable`, or
      `'list' object is not a mapping`. The flows that wait do not start.

    ## References
    Metaflow, "Triggering flows based on external events": "Passing parameters in events".
    """

    code, name = "MF709", "event-payload"
    group = Group.CORRECTNESS
    notebooks = True
    bad = [
        Bad(
            """
            from metaflow.integrations import ArgoEvent


            def publish(papers):
                event = ArgoEvent("papers")
                event.add_to_payload("counts", {"arxiv": len(papers)})
                event.publish()
            """,
            at='{"arxiv": len(papers)}',
        ),
        Bad(
            """
            from datetime import datetime

            from metaflow.integrations import ArgoEvent

            ArgoEvent("papers").publish(payload={"at": datetime.now(), "years": {2023, 2024}})
            ArgoEvent("papers").safe_publish(["1706.03762"])
            """,
            at=("datetime.now()", "{2023, 2024}", '["1706.03762"]'),
        ),
    ]
    good = [
        """
        import json
        from datetime import datetime

        from metaflow.integrations import ArgoEvent

        counts = {"arxiv": 3}
        event = ArgoEvent("papers", payload={"at": datetime.now().isoformat(), "counts": counts})
        event.add_to_payload("years", json.dumps([2023, 2024])).publish()
        """,
        Good(
            """
            from metaflow.integrations import ArgoEvent


            def publish(queue, papers, **payload):
                queue.add_to_payload("papers", [papers])
                ArgoEvent("papers").add_to_payload("count", len(papers)).publish(payload)
            """,
            why="Another queue, a number, and a payload that the linter does not know.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        if "ArgoEvent" not in module.code:
            return
        payloads = Payloads(module)
        for value, type_ in payloads.texts():
            yield self.finding(
                value,
                f"`add_to_payload` turns this `{type_}` into a string that is not JSON",
                "write `json.dumps(…)` around it",
            )
        for value, what in payloads.unpublishable():
            if what.startswith("a payload"):
                help = "give it a dictionary"
            else:
                help = "turn it into text, a number, a list or a dictionary first"
            yield self.finding(
                value,
                f"JSON cannot represent {what}, so Metaflow does not publish the event, and gives no error",
                help,
            )
