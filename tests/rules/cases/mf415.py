from tests.rules.cases import Case, flow

CASES = [
    Case("no foreach", flow("print(self.input)"), at=("self.input",)),
    Case("no index", flow("self.number = self.index + 1"), at=("self.index",)),
    Case("it asks first", flow("print(self.input if self.input is not None else 1)")),
    Case(
        "a helper may be called in a foreach",
        flow("pass", body="def show(self): print(self.input)\n\n"),
    ),
    Case(
        "a helper is called outside of one",
        flow("self.show()", body="def show(self): print(self.input)\n\n"),
        at=("self.input",),
    ),
]
