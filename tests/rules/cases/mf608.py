from tests.rules.cases import Case, flow

TOP = "from metaflow import Flow, namespace"

CASES = [
    Case(
        "by other names, and in a method",
        flow(
            "run = Flow(self.name).latest_run\nprint(run.successful, run.id)\nself.show()",
            top=TOP,
            body="""
            def show(self):
                flow = Flow('ArxivTopics')
                print(flow.latest_run.end_task)

            """,
        ),
        at=("flow.latest_run.end_task", "run.successful"),
    ),
    Case(
        "the latest successful run, by its steps",
        flow("print(Flow('ArxivTopics').latest_successful_run['end'].task)", top=TOP),
        at=("Flow('ArxivTopics').latest_successful_run['end']",),
    ),
    Case(
        "asked first",
        flow(
            """
            run = Flow('ArxivTopics').latest_successful_run
            if run is None:
                return
            print(run.data)
            """,
            """
            if self.resume:
                print(Flow('ArxivTopics').latest_successful_run.data)
            try:
                print(Flow('ArxivTopics').latest_run.data.papers)
            except AttributeError:
                pass
            """,
            top=TOP,
        ),
    ),
    Case(
        "other flows, another namespace",
        flow("print(Flow('ArxivPapers').latest_run.data.papers)", top=TOP),
    ),
    Case(
        "another namespace",
        flow("namespace('user:bob')\nprint(Flow('ArxivTopics').latest_run.data)", top=TOP),
    ),
]
