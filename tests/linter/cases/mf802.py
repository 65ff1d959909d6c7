from tests.linter.cases import Case, flow


def going(on, **around):
    return flow(**around).replace("self.next(self.end)", f"self.next({on})")


CASES = [
    *(
        Case(f"{on} may be a step", going(on))
        for on in ("self.end", "self.steps.end", "end", "other.end", "find()")
    ),
    *(
        Case(f"{on} is none", going(on), at=(at,), says=(says,))
        for on, at, says in (
            ("self.ending", "self.ending", "Did you mean `end`?"),
            ("self.papers", "self.papers", "name a step of the flow, or add it"),
            ("other.end, self.papers", "self.papers", "which the flow does not have"),
            ("self.end, self.papers", "self.papers", "which the flow does not have"),
        )
    ),
    Case(
        "a method is no step",
        going("self.fetch", body="def fetch(self): pass\n\n"),
        at=("self.fetch",),
        says=("which is a method without `@step`",),
    ),
]
