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
    Case(
        "without a project, the default is one that Metaflow can evaluate",
        flow(),
        at=("ArxivTopics",),
        says=("without it, write `default=True`\n",),
    ),
    Case(
        "in a project, it may ask for production",
        flow(above=PROJECT),
        at=("ArxivTopics",),
        says=("read it to make the run smaller\n",),
        fixed=flow(above=PROJECT, body=f"{MODE}# x\n").replace("    # x\n", ""),
    ),
]
