from tests.rules.cases import Case, flow

TOP = "from metaflow import S3\nimport io"

CASES = [
    Case(
        "values that are not text or bytes",
        flow(
            """
            rows = [1, 2]
            with S3(run=self) as s3:
                s3.put("a", rows)
                s3.put("b", obj=1)
                s3.put("c", open("file"))
                s3.put("d", open("file", "rb"))
                s3.put("e", io.StringIO("text"))
                s3.put("f", io.BytesIO(b"bytes"))
                s3.put("g", str(rows))
                s3.put("h", self.papers)
                s3.put_many([("i", None), ("j", "text"), *self.pairs])
            """,
            top=TOP,
        ),
        at=("rows", "1", 'open("file")', 'io.StringIO("text")', "None"),
        says=("of the type `list`", "of the type `int`", "a file that is open as text"),
    ),
    Case(
        "dictionaries and texts for many",
        flow(
            """
            papers = {"a": "text"}
            with S3(run=self) as s3:
                s3.put_many(papers)
                s3.put_many(papers.items())
                s3.put_files({"a": "/tmp/a"})
                s3.get_many("papers")
                s3.get_many(["papers"])
                s3.get_many(self.keys)
            """,
            top=TOP,
        ),
        at=("papers", '{"a": "/tmp/a"}', '"papers"'),
        says=("give it the pairs: `papers.items()`",),
    ),
    Case(
        "keys and roots",
        flow(
            """
            bucket = "arxiv"
            S3().get("papers")
            S3().get("s3://arxiv")
            S3().get(f"s3://{bucket}/papers")
            S3().get(f"papers/{self.year}")
            S3().get(f"{self.bucket}/papers")
            S3(s3root="s3://arxiv").get(f"s3://{self.bucket}")
            S3(s3root="arxiv/papers")
            S3(s3root=self.root).get("papers")
            S3(**self.store).get("papers")
            s3 = S3(s3root=None)
            s3.get_many(["papers", "s3://arxiv/papers"])
            """,
            top=TOP,
        ),
        at=(
            '"papers"',
            '"s3://arxiv"',
            'f"papers/{self.year}"',
            'f"s3://{self.bucket}"',
            '"arxiv/papers"',
            '"papers"',
        ),
    ),
    Case(
        "a client that may be one of two, and errors that are expected",
        flow(
            """
            s3 = S3(run=self)
            if self.root:
                s3 = S3()
            s3.get("papers")
            try:
                S3().get("papers")
            except Exception:
                pass
            """,
            top=TOP,
        ),
    ),
]
