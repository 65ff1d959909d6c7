from tests.rules.cases import Case, flow


def parameter(arguments, top="", more=""):
    return flow(body=f'{more}limit = Parameter("limit", {arguments})\n\n', top=top)


def typed(default, type_):
    return Case(
        f"{default} gives a {type_}",
        parameter(f"default={default}"),
        at=("limit",),
        fixed=parameter(f"default={default}, type={type_}"),
    )


CASES = [
    typed("lambda _: not current.is_production", "bool"),
    typed("lambda _: not quick", "bool"),
    typed("lambda _: current.is_production == False", "bool"),
    typed("lambda _: a < b", "bool"),
    typed("lambda _: bool(a)", "bool"),
    typed("lambda _: int(a)", "int"),
    typed("lambda _: float(a)", "float"),
    typed("lambda _: True", "bool"),
    typed("lambda _: 1.5", "float"),
    *(
        Case(f"{default} may give a string", parameter(f"default={default}"))
        for default in (
            "lambda _: a + b",
            "lambda _: a or b",
            "lambda _: -a",
            "lambda _: str(a)",
            "lambda _: own(a)",
            "lambda _: own()(a)",
            "lambda _: a",
            "lambda _: None",
            "own",
            "1",
        )
    ),
    *(
        Case(
            f"{default} gives what Metaflow takes as JSON",
            parameter(f"default={default}"),
            at=("limit",),
            says=("JSONType",),
        )
        for default in ("lambda _: [1]", "lambda _: {'a': 1}", "lambda _: [a for a in b]")
    ),
    Case("options from elsewhere may hold the type", parameter("default=lambda _: 1, **options")),
    Case(
        "one that has no default hides no other",
        parameter("default=lambda _: 1", more='first = Parameter("first")\n'),
        at=("limit",),
        fixed=parameter("default=lambda _: 1, type=int", more='first = Parameter("first")\n'),
    ),
    Case(
        "a config has its own ways",
        parameter("default=lambda _: 1")
        .replace("Parameter(", "Config(")
        .replace("import FlowSpec", "import Config, FlowSpec"),
    ),
]
