from tests.rules.cases import Case, flow

MODE = 'test_mode = Parameter("test-mode")\n\n'

CASES = [
    Case("nothing reads it", flow(body=MODE), at=("test_mode",)),
    Case(
        "a base flow elsewhere may read it",
        flow(body=MODE, top="from own import OwnFlow").replace("(FlowSpec)", "(OwnFlow)"),
    ),
    Case("there is none", flow()),
]
