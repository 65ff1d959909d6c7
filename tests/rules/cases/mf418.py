from tests.rules.cases import Case, flow


def case(start, *at, **around):
    return Case(start, flow(start, top="import os, sys", **around), at=at)


CASES = [
    case("return", "return"),
    case("return 3", "return 3"),
    case("if unknown:\n    return", "return"),
    case("if a:\n    pass\nelif b:\n    return\nelse:\n    pass", "return"),
    case("if a:\n    pass\nelif b:\n    pass\nelse:\n    return", "return"),
    case("if a:\n    self.next(self.end)\nelif b:\n    return", "return"),
    case("if a:\n    pass\nelif b:\n    self.next(self.end)\nif c:\n    return"),
    case("for row in unknown:\n    return", "return"),
    case("try:\n    unknown()\nexcept ValueError:\n    return", "return"),
    case("with unknown() as f:\n    return", "return"),
    case("match unknown:\n    case 1:\n        return", "return"),
    case("if unknown:\n    self.next(self.end)\nelse:\n    return", "return"),
    case("if unknown:\n    self.next(self.end)\n    return"),
    case(
        "for row in unknown:\n    if row:\n        self.next(self.end)\n    else:\n        return"
    ),
    case("try:\n    self.next(self.end)\nfinally:\n    return"),
    case("return self.next(self.end)"),
    case("self.go_on()\nreturn", body="def go_on(self):\n    self.next(self.end)\n\n"),
    case("go_on(self)\nreturn", above="def go_on(flow):\n    flow.next(flow.end)\n\n\n"),
    case("self.show()\nreturn", "return", body="def show(self):\n    print(1)\n\n"),
    case("print(self)\nreturn", "return"),
    case("def inner():\n    return 3"),
    case("f = lambda: 3"),
    case("raise ValueError"),
    case("raise ValueError\nreturn"),
    case("sys.exit()", "sys.exit()"),
    case("sys.exit(0)", "sys.exit(0)"),
    case("sys.exit(1)"),
    case("sys.exit('no rows')"),
    case("sys.exit(unknown)"),
    case("exit()", "exit()"),
    case("quit()", "quit()"),
    case("os._exit(0)", "os._exit(0)"),
    case("raise SystemExit", "raise SystemExit"),
    case("raise SystemExit(0)", "raise SystemExit(0)"),
    case("raise SystemExit(2)"),
    case("SystemExit()"),
    case("exit()", above="def exit(): pass\n"),
    Case("return in the end step", flow(end="return")),
    Case(
        "a decorator that cannot be read",
        flow("return").replace(
            "    @step\n    def start", "    @unknown\n    @step\n    def start"
        ),
    ),
    Case(
        "more branches than Python's stack holds",
        flow("if a: pass\n" + "".join(f"elif {n}: pass\n" for n in range(1_500)) + "else: return"),
        at=("return",),
    ),
]
