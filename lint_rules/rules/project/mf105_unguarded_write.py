"""MF105."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.unguarded_writes import unguarded_writes
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_HELP = (
    "write only `if current.is_production`, or to a place with `current.branch_name` in its name"
)
_HELP_WITHOUT_PROJECT = (
    "write only if a parameter says so (`if self.production:`), or add `@project` and write only "
    "`if current.is_production`"
)

_GUARDING = """\
from metaflow import S3, current


def upload_topics(topics):
    with S3(s3root=f"s3://arxiv/{current.branch_name}") as s3:
        s3.put("topics.json", topics)
"""


class UnguardedWrite(Rule):
    """
    ## What it does
    Checks for steps that write to a table, a bucket or a service outside Metaflow, in a flow that
    never reads `current.is_production` or `current.branch_name`.

    ## Why is this bad?
    Metaflow keeps the artifacts of each run apart, but not what a flow writes to other places. If
    you try out the flow, you overwrite the data of production. Such a step should write only in
    production, or to a place with the name of the branch.

    A reviewer asks of each call: if I ran this flow on my branch, would others see what it leaves
    behind? A row in a shared table, an object in a bucket, a new version of a registered model and
    a deployment are such things, whether the step writes them itself or calls a function that
    does. It does not help if the flow only prints whether it is in production.

    The test mode does not protect the data. People also try out a flow with all of its data.

    The linter reads the functions of the repository that a step calls, and what these call in
    turn. Of functions in installed packages it knows only well-known ones, and names such as
    `upload_…`, `…_to_s3`, `deploy_model` and `register_model`.

    The rule does not report:

    - writes with `S3(run=self)`, or to a path with the run's id, since these belong to the run;
    - files on the machine itself, such as those in a temporary folder;
    - metrics, parameters and files that belong to a tracked run of MLflow or Weights & Biases;
    - a function of the repository that writes only sometimes, or that checks the branch itself;
    - flows that read a parameter with a name such as `production` or `dry_run`.

    ## References
    The guide, "Test mode": the test mode and `current.is_production` are two different things.
    Metaflow, "Coordinating larger Metaflow projects".
    """

    code, name, default = "MF105", "unguarded-write", False
    group = Group.SUSPICIOUS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    topics.to_sql("topics", engine)
            """,
            at='topics.to_sql("topics", engine)',
        ),
        Bad(
            """
            import metaflow as mf

            ROOT = "s3://arxiv/topics"


            class ArxivTopics(mf.FlowSpec):
                out = mf.Parameter("out", default="s3://arxiv/topics.parquet")
                test_mode = mf.Parameter(
                    "test-mode", type=bool, default=lambda _: not mf.current.is_production
                )

                @mf.step
                def start(self):
                    import boto3

                    if not self.test_mode:
                        with mf.S3(s3root=ROOT) as s3:
                            s3.put("topics.json", "{}")
                    topics.to_parquet(self.out)
                    boto3.client("s3").put_object(Bucket="arxiv", Key="topics", Body="{}")
                    self.save()

                def save(self):
                    query = "INSERT INTO topics VALUES (1)"
                    connection.execute(query)
                    mf.S3().put_many([])
            """,
            at=(
                's3.put("topics.json", "{}")',
                "topics.to_parquet(self.out)",
                'boto3.client("s3").put_object(Bucket="arxiv", Key="topics", Body="{}")',
                "connection.execute(query)",
                "mf.S3().put_many([])",
            ),
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    from arxiv_topics.storage import upload_json

                    upload_json(self.topics)
                    with open(f"s3://arxiv/{self.year}", "w") as file:
                        file.write("{}")
            """,
            at=("upload_json(self.topics)", 'open(f"s3://arxiv/{self.year}", "w")'),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, current, project, step


        @project(name="arxiv_topics")
        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                if current.is_production:
                    topics.to_sql("topics", engine)
        """,
        Good(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    with mf.S3(run=self) as s3, open("topics.json") as file:
                        s3.put("topics.json", file.read())
                    with mf.S3(s3root=f"s3://arxiv/{mf.current.run_id}") as s3:
                        s3.put_files([("topics.json", "topics.json")])
                    topics.to_parquet("topics.parquet")
                    topics.to_parquet(f"s3://arxiv/{self.run_id}")
                    connection.execute("SELECT * FROM topics")
                    with mf.S3() as s3:
                        s3.get("s3://arxiv/topics.json")
                    self.upload()
                    self.next(self.end)

                def upload(self):
                    queue.put(1)

                @mf.step
                def end(self):
                    pass
            """,
            why="The run's own storage, files on this machine, and reads.",
        ),
        Good(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                production = Parameter("production", default=False)

                @step
                def start(self):
                    table = "topics" if self.production else "test_topics"
                    topics.to_sql(table, engine)
            """,
            why="A guard with another name.",
        ),
        Good(
            """
            from metaflow import FlowSpec, current, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    topics.to_sql(self.table, engine)

                @property
                def table(self):
                    return f"topics_{current.branch_name}"
            """,
            why="The flow checks the branch.",
        ),
        Good(
            """
            from metaflow import FlowSpec, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    from arxiv_topics.storage import upload_topics

                    upload_topics(self.topics)
                    self.next(self.end)

                @step
                def end(self):
                    from arxiv_topics import storage

                    storage.upload_topics(self.topics)
            """,
            why="The function checks the branch.",
            packages={
                "../pyproject.toml": "",
                "../arxiv_topics/__init__.py": "",
                "../arxiv_topics/storage.py": _GUARDING,
            },
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        in_project = flow.is_in_project or not flow.knows_its_bases
        for write in unguarded_writes(flow):
            yield self.finding(
                write,
                f"`{write.function.name}` writes to {write.target} in every run of the flow "
                f"`{flow.name}`, not only in production",
                _HELP if in_project else _HELP_WITHOUT_PROJECT,
            )
