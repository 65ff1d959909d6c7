from tests.rules.cases import Case, named

CASES = [
    Case(
        "underscores before Flow go with it",
        named("Arxiv__Flow"),
        at=("Arxiv__Flow",),
        says=("call it `Arxiv`:",),
    ),
    Case(
        "and nothing else",
        named("ArxivX_Flow"),
        at=("ArxivX_Flow",),
        says=("call it `ArxivX`:",),
    ),
]
