from tests.rules.cases import Case, flow


def chosen(line, *at, shown="METAFLOW_DEFAULT_DATASTORE", top="import os"):
    return Case(f"{line} chooses", flow(top=top, above=line), at=at, says=(f"sets `{shown}`",))


CASES = [
    chosen(
        'os.environ["METAFLOW_DEFAULT_DATASTORE"] = "s3"',
        'os.environ["METAFLOW_DEFAULT_DATASTORE"]',
    ),
    chosen(
        'os.environ.setdefault("METAFLOW_DEFAULT_DATASTORE", "s3")', '"METAFLOW_DEFAULT_DATASTORE"'
    ),
    chosen('os.putenv("METAFLOW_DEFAULT_DATASTORE", "s3")', '"METAFLOW_DEFAULT_DATASTORE"'),
    chosen(
        'os.environ.update({"METAFLOW_DEFAULT_DATASTORE": "s3"})', '"METAFLOW_DEFAULT_DATASTORE"'
    ),
    chosen(
        'os.environ[WHAT] = "s3"',
        "os.environ[WHAT]",
        top='import os\n\nWHAT = "METAFLOW_DEFAULT_DATASTORE"',
    ),
    chosen(
        'os.putenv(WHAT, "s3")',
        "WHAT",
        top='import os\n\nWHAT = "METAFLOW_DEFAULT_DATASTORE"',
    ),
    *(
        Case(f"{line} chooses nothing", flow(top="import os", above=line))
        for line in (
            'os.environ.setdefault("PAPERS", "METAFLOW_DEFAULT_DATASTORE")',
            'os.putenv("PAPERS", "METAFLOW_DEFAULT_DATASTORE")',
            'os.environ.update({"PAPERS": 1}, {"METAFLOW_DEFAULT_DATASTORE": "s3"})',
            "os.environ.update(given)",
            "os.environ[given] = 1",
            'print(os.environ["METAFLOW_DEFAULT_DATASTORE"])',
            'os.getenv("METAFLOW_DEFAULT_DATASTORE")',
        )
    ),
]
