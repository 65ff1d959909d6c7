from tests.rules.cases import Case, flow


def asking(work):
    return flow(work)


CASES = [
    *(
        Case(f"{work} may expect an error", asking(work))
        for work in (
            "try:\n    print(current.is_production)\nexcept AttributeError:\n    pass",
            "try:\n    if a:\n        print(current.is_production)\nfinally:\n    pass",
        )
    ),
    *(
        Case(f"{work} does not", asking(work), at=("current.is_production",))
        for work in (
            "try:\n    a()\nexcept AttributeError:\n    print(current.is_production)",
            "try:\n    a()\nfinally:\n    print(current.is_production)",
            "if a:\n    print(current.is_production)",
            "with a:\n    print(current.is_production)",
        )
    ),
]
