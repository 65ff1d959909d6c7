from tests.rules.cases import Case, named

CASES = [
    Case(
        "underscores before Flow go with it",
        named("Arxiv__Flow"),
        at=("Arxiv__Flow",),
        says=("rename the class to `Arxiv`\n",),
    ),
    Case(
        "and nothing else",
        named("ArxivX_Flow"),
        at=("ArxivX_Flow",),
        says=("rename the class to `ArxivX`\n",),
    ),
]
