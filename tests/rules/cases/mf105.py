from tests.rules.cases import Case, flow

WRITE = 'boto3.client("s3").put_object(Bucket="papers", Key="a", Body=b"")'

CASES = [
    *(
        Case(f"{call} is a write", flow(f"client = connect()\n{call}", top=top), at=(call,))
        for call, top in {
            'client.index(index="papers", document=paper)': "",
            'client.set_registered_model_alias("topics", "best", 3)': "",
            'requests.put("https://papers.org/1", json=paper)': "import requests",
        }.items()
    ),
    *(
        Case(f"{call} is none", flow(f"client = connect()\n{call}", top=top))
        for call, top in {
            'client.index("papers")': "",
            'requests.post("https://papers.org/search", json=query)': "import requests",
        }.items()
    ),
    *(
        Case(
            f"{call} is a write, as {source!r} shows",
            flow(f"from papers_db import save\nimport wandb\n{before}\n{call}", top=""),
            at=(call,),
            packages={"papers_db.py": source},
        )
        for call, before, source in (
            ("save(papers)", "", "def save(frame):\n    frame.to_sql('papers', ENGINE)\n"),
            (
                "save(papers)",
                "",
                "def save(frame):\n    inner(frame)\n\n"
                "def inner(frame):\n    if not frame.empty: print(1)\n"
                "    frame.to_sql('papers', ENGINE)\n",
            ),
            (
                "save({'run': current.run_id})",
                "",
                "import sqlalchemy as sa\n\ndef save(row):\n"
                "    change = sa.delete(PAPERS).where(PAPERS.c.run == row['run'])\n"
                "    with ENGINE.connect() as connection: connection.execute(change)\n",
            ),
            (
                "execute_query(sql_query=sql)",
                "sql = '-- a comment\\n CREATE TABLE papers (id INT)'",
                "",
            ),
            ("run.log_artifact(model)", "run = wandb.init()", ""),
            ("client.store(data)", "client = Client(bucket_name='papers')", ""),
            ("registry.register_model(model)", "", ""),
            ("deploy_model(model)", "", ""),
        )
    ),
    *(
        Case(
            f"{call} is none, as {source!r} shows",
            flow(f"from papers_db import save\nimport mlflow\n{before}\n{call}"),
            packages={"papers_db.py": source},
        )
        for call, before, source in (
            (
                "save(papers)",
                "",
                "def save(frame, dry=True):\n    if not dry: frame.to_sql('papers', ENGINE)\n",
            ),
            (
                "save(papers)",
                "",
                "from metaflow import current\n\n"
                "def save(frame): frame.to_sql(current.branch_name, ENGINE)\n",
            ),
            (
                "save(papers)",
                "",
                "from metaflow import current\n\n"
                "def save(frame): frame.to_sql(f'papers_{current.run_id}', ENGINE)\n",
            ),
            ("save(papers)", "", "def save(frame):\n    return frame.to_parquet('papers')\n"),
            ("save(papers)", "", "def save(frame):\n    save(frame)\n"),
            ("execute_query(sql_query=sql)", "sql = '-- create\\n SELECT 1'", ""),
            ("mlflow.log_artifact('papers.json')", "", ""),
            ("client.store(data)", "client = Client(name='papers')", ""),
            ("deploy_config(model)", "", ""),
        )
    ),
    *(
        Case(
            f"{told} only tells people where it runs",
            flow(f"{told}\n{WRITE}", top="import boto3"),
            at=(WRITE,),
        )
        for told in (
            "print(current.is_production)",
            "self.logger.info('%s', current.branch_name)",
            "self.mode = 'p' if current.is_production else 'd'\nprint(self.mode)",
        )
    ),
    Case(
        "but a mode that is used guards it",
        flow(
            f"self.mode = current.is_production\nprint(self.mode)\nif self.mode: {WRITE}",
            top="import boto3",
        ),
    ),
    *(
        Case(
            f"a decorator of the step {step!r} guards it: {bool(not at)}",
            flow(WRITE, top="import boto3")
            .replace(f"    @step\n    def {step}", f"    @guard\n    @step\n    def {step}")
            .replace(
                "class Arxiv",
                "def guard(f):\n    print(1) if current.is_production else exit(1)\n"
                "    return f\n\n\nclass Arxiv",
            ),
            at=at,
        )
        for step, at in (("start", ()), ("end", (WRITE,)))
    ),
    Case("it is a write", flow(WRITE, top="import boto3"), at=(WRITE,)),
    *(
        Case(
            f"asking for {asked} guards it",
            flow(f"choose(current.{asked})\n{WRITE}", top="import boto3"),
        )
        for asked in ("branch_name", "is_production", "project_flow_name")
    ),
    *(
        Case(
            f"asking for {asked} does not",
            flow(f"choose(current.{asked})\n{WRITE}", top="import boto3"),
            at=(WRITE,),
        )
        for asked in ("run_id", "project_name")
    ),
    Case(
        "a base flow elsewhere may guard it",
        flow(WRITE, top="import boto3\nfrom own import Base").replace("(FlowSpec)", "(Base)"),
        packages={
            "own.py": "from metaflow import FlowSpec, current\n\n\nclass Base(FlowSpec):\n"
            "    def guard(self): return current.is_production\n"
        },
    ),
    Case(
        "or not",
        flow(WRITE, top="import boto3\nfrom own import Base").replace("(FlowSpec)", "(Base)"),
        at=(WRITE,),
        packages={
            "own.py": "from metaflow import FlowSpec, current\n\n\nclass Base(FlowSpec):\n"
            "    def guard(self): return current.run_id\n"
        },
    ),
    Case(
        "without a project, a parameter can guard it",
        flow(WRITE, top="import boto3"),
        at=(WRITE,),
        says=("write only if a parameter says so (`if self.production:`), or add `@project`",),
    ),
    Case(
        "with one, Metaflow knows",
        flow(WRITE, top="import boto3", above='@project(name="arxiv")'),
        at=(WRITE,),
        says=("write only `if current.is_production`, or",),
    ),
]
