from tests.rules.cases import Case, flow

CASES = [
    Case(
        "under a branch and in a `with`, but not in functions",
        flow(
            top="""
            import json, os, requests
            from metaflow import Flow
            from typing import TYPE_CHECKING

            if os.path.exists("config.json"):
                with open("config.json") as file:
                    CONFIG = json.load(file)
            RUN = Flow("ArxivPapers").latest_run
            fetch = lambda: requests.get("https://arxiv.org")
            if TYPE_CHECKING:
                open("types")
            """,
        ),
        at=('open("config.json")', "json.load(file)", 'Flow("ArxivPapers")'),
    ),
]
