from tests.rules.cases import Case, flow

CASES = [
    Case(
        "from a constant of another module, and through methods",
        flow(
            top="import uuid\nfrom pathlib import Path\nfrom own.settings import TODAY",
            body="""
            day = Parameter("day", default=TODAY.isoformat())
            key = Parameter("key", default=str(uuid.uuid4()))
            query = Parameter("query", default=Path("query.sql").read_text().strip())

            """,
        ),
        at=("str(uuid.uuid4())", 'Path("query.sql").read_text().strip()'),
        packages={"own/__init__.py": "", "own/settings.py": "TODAY = '2024-01-01'\n"},
    ),
    Case(
        "a function, a Config, a file that Metaflow reads",
        flow(
            top="import os\nfrom metaflow import Config, IncludeFile",
            body="""
            home = Parameter("home", default=lambda _: os.environ["HOME"])
            papers = IncludeFile("papers", default="papers.csv")
            config = Config("config", default_value={"home": os.environ["HOME"]})

            """,
        ),
    ),
]
