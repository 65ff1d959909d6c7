from tests.rules.cases import Case, flow


def case(start, *at, **around):
    return Case(start, flow(start, **around), at=at)


CASES = [
    case("yield", "yield"),
    case("yield 3", "yield 3"),
    case("yield from unknown", "yield from unknown"),
    case("x = yield", "yield"),
    case("print([(yield x), 3])", "yield x"),
    case("f = lambda: (yield)"),
    case("def f():\n    yield 3"),
    case("class A:\n    def f(self):\n        yield 3"),
    case("print('yield')"),
    Case("yield in the end step", flow(end="yield 1"), at=("yield 1",)),
    Case("an async step", flow().replace("def start", "async def start"), at=("start",)),
    Case(
        "a decorator that may run it",
        flow().replace("@step\n    def start", "@run_it\n    @step\n    async def start"),
    ),
    Case("an async helper", flow(body="async def load(self):\n    pass\n\n")),
]
