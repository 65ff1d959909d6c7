from tests.rules.cases import Case, flow

YEAR = 'year = Parameter("year")\n\n'

CASES = [
    Case(
        "a config and the test mode hide no parameter",
        flow(
            body='config = Config("config")\ntest_mode = Parameter("test-mode")\n' + YEAR,
            top="from metaflow import Config",
        ),
        at=("year",),
    ),
    Case("a base flow elsewhere may read it", flow(body=YEAR).replace("(FlowSpec)", "(Own)")),
    Case(
        "who completes the flow may read it", flow(body=YEAR).partition("    @step\n    def end")[0]
    ),
]
