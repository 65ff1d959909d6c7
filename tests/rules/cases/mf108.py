from tests.rules.cases import Case, flow


def scheduled(arguments):
    return flow(top="from metaflow import schedule", above=f"@schedule{arguments}")


CASES = [
    *(
        Case(f"{arguments} runs on a schedule", scheduled(arguments), at=(f"@schedule{arguments}",))
        for arguments in (
            "",
            "()",
            '(cron="0 * * * *")',
            "(weekly=True)",
            "(daily=True)",
            "(hourly=True)",
            "(daily=False, hourly=True)",
        )
    ),
    *(
        Case(f"{arguments} may not", scheduled(arguments))
        for arguments in ("(cron=find())", "(hourly=False)", "(**options)", "(timezone='UTC')")
    ),
    Case(
        "without a project, nobody has a deployment of their own",
        scheduled("(daily=True)"),
        at=("@schedule(daily=True)",),
        says=("also one that somebody makes", 'add `deployment = Config("deployment",'),
    ),
    Case(
        "with a project, users have",
        scheduled("(daily=True)").replace("@schedule", '@project(name="arxiv")\n@schedule'),
        at=("@schedule(daily=True)",),
        says=("also those of users", "import `Config` and `config_expr` from `metaflow`; then"),
    ),
]
