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
    Case("it is a write", flow(WRITE, top="import boto3"), at=(WRITE,)),
    *(
        Case(
            f"asking for {asked} guards it",
            flow(f"print(current.{asked})\n{WRITE}", top="import boto3"),
        )
        for asked in ("branch_name", "is_production", "project_flow_name")
    ),
    *(
        Case(
            f"asking for {asked} does not",
            flow(f"print(current.{asked})\n{WRITE}", top="import boto3"),
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
