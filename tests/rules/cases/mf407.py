from tests.rules.cases import Case, flow

CASES = [
    *(
        Case(f"{value} is no secret", flow(f"self.password = {value}"))
        for value in (
            '""',
            "None",
            "False",
            "12",
            "0.5",
            "not given",
            "len(given)",
            "float(given)",
            "bool(given)",
        )
    ),
    Case("a name for nothing is none", flow("nothing = None\nself.password = nothing")),
    *(
        Case(f"{value} may be one", flow(f"self.password = {value}"), at=("self.password",))
        for value in ('"hunter2"', "given", "str(given)", "f'{given}'", "[1]", "{'a': given}")
    ),
    Case(
        "it is reported once for each artifact",
        flow("self.password = given", "self.password = given"),
        at=("self.password",),
    ),
    Case(
        "a harmless artifact hides no other",
        flow("self.password = None\nself.count = 1\nself.api_key = given"),
        at=("self.api_key",),
    ),
    Case(
        "a parameter may be called so on the command line alone",
        flow(body='key = Parameter("api-key", default="abc")\n\n'),
        at=("key",),
    ),
    Case(
        "a parameter without a name that is to be read",
        flow(body='other = Parameter(NAME, default="abc")\n\n'),
    ),
]
