from tests.rules.cases import Case, flow

CASES = [
    *(
        Case(f"{work} tells Metaflow all", flow(work))
        for work in (
            "if a:\n    self.next(self.end)\n    return",
            "pass",
        )
    ),
    *(
        Case(f"{work} does not: {says}", flow(work), at=("self.next(self.more)",), says=(says,))
        for work, says in (
            ("if a:\n    self.next(self.more)\n    return", "in a branch or loop"),
            ("self.next(self.more)", "several times"),
        )
    ),
    Case(
        "nothing comes after it",
        flow().replace("self.next(self.end)", "self.next(self.end)\n        print(1)"),
        at=("self.next(self.end)",),
        says=("has more statements after `self.next`",),
    ),
    Case(
        "branches that agree are not the last statement",
        flow().replace(
            "self.next(self.end)",
            "if a:\n            self.next(self.end)\n"
            "        else:\n            self.next(self.end)",
        ),
        at=("self.next(self.end)",),
        says=("in a branch or loop",),
    ),
]
