from lint_rules.rules.base import dedent
from tests.rules.cases import Case, flow

TOP = "from metaflow import S3"


def file(text):
    return "from metaflow import S3\n\n\n" + dedent(text)


CASES = [
    Case(
        "several objects, after the block",
        flow(
            """
            with S3(run=self) as s3:
                found = s3.get_many(["a", "b"])
                paths = [one.path for one in found]
                first = found[0]
            texts = [one.text for one in found]
            for one in found:
                print(one.blob, one.url)
            print(first.text, found[1].text, open(paths[0]))
            """,
            top=TOP,
        ),
        at=("one.text", "one.blob", "first.text", "found[1].text", "open(paths[0])"),
    ),
    Case(
        "a list that is filled inside",
        flow(
            """
            found = []
            with S3() as s3:
                for key in self.keys:
                    found.append(s3.get(key))
            print([one.text for one in found])
            """,
            top=TOP,
        ),
        at=("one.text",),
    ),
    Case(
        "a client that is closed by name",
        flow(
            """
            s3 = S3(run=self)
            found = s3.get("a")
            print(found.text)
            s3.close()
            print(found.text)
            """,
            top=TOP,
        ),
        at=("found.text",),
    ),
    Case(
        "functions that return what they downloaded",
        file(
            """
            def fetch(key):
                with S3() as s3:
                    return s3.get(key)


            def text(key):
                with S3() as s3:
                    return s3.get(key).text


            def show():
                papers = fetch("s3://a/b")
                print(papers.text, fetch("s3://a/c").text, fetch("s3://a/c").url, text("s3://a/b"))
            """
        ),
        at=("papers.text", 'fetch("s3://a/c").text'),
    ),
    Case(
        "an artifact that is an object, and one that is text by then",
        flow(
            """
            with S3(run=self) as s3:
                self.found = s3.get("a")
                self.other = s3.get("b")
                self.other = self.other.text
            """,
            "print(self.found.text, self.other.strip())",
            top=TOP,
        ),
        at=("self.found",),
        says=("`end` reads it later",),
    ),
    Case(
        "names that are assigned again, errors that are expected, clients that stay open",
        flow(
            """
            with S3(run=self) as s3:
                found = s3.get("a")
                again = s3.get("a")
            again = self.papers
            try:
                print(found.text)
            except FileNotFoundError:
                print(again.text)
            client = S3(run=self)
            kept = client.get("a")
            print(kept.text)
            """,
            top=TOP,
        ),
    ),
]
