from tests.rules.cases import Case, flow

CASES = [
    *(
        Case(f"{decorator} pins nothing", flow(above=decorator))
        for decorator in (
            "",
            "@project",
            "@project(name='a')",
            "@project(name='a', branch=find())",
            "@project(name=True, other='main')",
        )
    ),
    Case(
        "each is reported",
        flow(above="@project(name='a', branch='main', production=True)"),
        at=("branch='main'", "production=True"),
        says=(
            "sets `branch='main'`",
            "use `--branch`",
            "sets `production=True`",
            "use `--production`",
        ),
    ),
]
