from tests.rules.cases import Case, flow

PROJECT = '@project(name="arxiv_topics")'
MODE = """
test_mode = Parameter(
    "test-mode",
    help="Run quickly, on a small part of the data.",
    type=bool,
    default=lambda _: not current.is_production,
)

"""

CASES = [
    Case(
        "a comment stays with the step it is about",
        flow(above=PROJECT, body="# Fetch the papers.\n"),
        at=("ArxivTopics",),
        fixed=flow(above=PROJECT, body=f"{MODE}# Fetch the papers.\n"),
    ),
    Case("without a project, and a name for it, there is no fix", flow(), at=("ArxivTopics",)),
]
