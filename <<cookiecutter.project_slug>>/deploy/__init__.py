"""Deploys all flows of this project together: `python -m deploy --help`, and docs/deployment.md.

This package stays on the machine that deploys: no flow imports it, so it goes nowhere with their code.
"""


class Refusal(Exception):
    """Something was asked for that cannot or must not be done. Nothing was changed; the text says what to do."""
