from tests.rules.cases import Case, flow

CASES = [
    *(
        Case(
            f"four statements are too many for {loop}",
            flow(f"{loop}:\n    a()\n    b()\n    c()\n    d()"),
            at=("start",),
            says=("a loop in it has 4 statements",),
        )
        for loop in ("for one in all", "while more()")
    ),
    *(
        Case(f"three are not for {loop}", flow(f"{loop}:\n    a()\n    b()\n    c()"))
        for loop in ("for one in all", "while more()", "if one")
    ),
    Case(
        "a function inside a step is its work",
        flow("def count(): pass\ncount()"),
        at=("start",),
        says=("it defines the function `count`",),
    ),
    Case(
        "so is a class",
        flow("class Count: pass\nCount()"),
        at=("start",),
        says=("it defines the class `Count`",),
    ),
    Case(
        "and a long lambda",
        flow("self.x = sorted(y, key=lambda z: (a(z), b(z), c(z), z.d, z.e))"),
        at=("start",),
        says=("it contains a long lambda",),
    ),
    Case("a short one is not", flow("self.x = sorted(y, key=lambda z: (a(z), b(z), c(z), z.d))")),
]
