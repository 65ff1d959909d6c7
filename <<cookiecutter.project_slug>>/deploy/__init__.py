"""Deploys all flows of this project together: `python -m deploy --help`, and docs/deployment.md.

This package stays on the machine that deploys: no flow imports it, so Metaflow does not send it with a flow.
"""


class Refusal(Exception):
    """A command that cannot or must not run. Nothing was changed. The message says what to do."""
