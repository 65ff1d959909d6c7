from tests.rules.cases import Case, flow

CASES = [
    *(
        Case(f"{call} belongs to no run", flow(call, top="from metaflow import S3"), at=(call,))
        for call in (
            "S3()",
            "S3(tmproot='.')",
            "S3('.', 'bucket', 'papers')",
            "S3(run=None)",
            "S3('.', None, None, None, None)",
        )
    ),
    *(
        Case(f"{call} says where its data is", flow(call, top="from metaflow import S3"))
        for call in (
            "S3(run=self)",
            "S3(s3root=root)",
            "S3('.', None, None, self)",
            "S3('.', None, None, None, root)",
            "S3(**options)",
        )
    ),
    Case(
        "a base flow alone is checked with its subclasses",
        "from metaflow import S3, FlowSpec\n\n\nclass Base(FlowSpec):\n    def get(self): S3()\n",
    ),
]
