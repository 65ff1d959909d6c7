from tests.rules.cases import Case, flow

HEAD = "import metaflow as mf\n"


def step(decorator):
    return flow(body=decorator, top=HEAD)


def case(shows, decorator, *at, says=(), **more):
    return Case(shows, step(decorator), at=at, says=says, **more)


CASES = [
    Case(
        "an alias of Metaflow",
        step("@mf.retry(time=3)"),
        at=("time=3",),
        fixed=step("@mf.retry(times=3)"),
        says=("`@retry` has no attribute `time`", "write `times=`"),
    ),
    case("nothing near", "@mf.retry(often=3)", "often=3", says=("leave it out, or write one of",)),
    case("both names", "@mf.retry(time=3, times=2)", "time=3"),
    case("a limit", "@mf.retry(times=5)", "5", says=("accepts at most 4",)),
    case("a negative number", "@mf.retry(times=-1)"),
    case("text that is a number", '@mf.retry(times="3")'),
    case("a time of nothing", "@mf.timeout(hours=0, minutes=0)", "@mf.timeout(hours=0, minutes=0)"),
    case("one of several times", "@mf.timeout(hours=0, minutes=1)"),
    case("unpacked arguments", "@mf.timeout(**times)"),
    case("a kind of value", '@mf.kubernetes(memory="16GB")', '"16GB"', says=("give it a number",)),
    case("for another backend", '@mf.resources(memory="16GB")', '"16GB"'),
    case("choices", '@mf.kubernetes(qos="best")', '"best"', says=("write one of", "Burstable")),
    case("a lambda", "@mf.batch(image=lambda: 1)", "lambda: 1", says=("cannot be a function",)),
    case("a list for a dictionary", '@mf.pypi(packages=["a"])', '["a"]', says=("a dictionary",)),
    case("no environment is made", '@mf.pypi(packages=["a"], disabled=True)'),
    case("Python 3.1", "@mf.conda(python=3.10)", "3.10", says=('write `python="3.10"`',)),
    case("Python 3.11", "@mf.conda(python=3.11)"),
    case("the old name of packages", '@mf.conda(libraries={"a": "1"})'),
    case("of @conda alone", '@mf.pypi(libraries={"a": "1"})', 'libraries={"a": "1"}'),
    case(
        "of an older version", "@mf.card(rank=1)", "rank=1", options={"metaflow-version": "2.15.10"}
    ),
    case("a version that is not known", "@mf.retry(time=3)", options={"metaflow-version": "9.9"}),
    Case(
        "a constant",
        flow(
            body="@retry(times=TIMES)",
            top="from metaflow import retry\n\nTIMES = 10",
        ),
        at=("TIMES",),
    ),
    Case(
        "a mutator may change what is given, but not an unknown attribute",
        flow(
            above="@tuned",
            body="@retry(times=9, often=1)",
            top="from metaflow import retry\n\nfrom own import tuned",
        ),
        at=("often=1",),
    ),
    *(
        Case(f"of a flow: {decorator}", flow(above=decorator, top="from metaflow import *"), at=at)
        for decorator, at in (
            ('@trigger("done")', ('"done"',)),
            ("@trigger", ("@trigger",)),
            ("@trigger(event=None)", ("@trigger(event=None)",)),
            ('@trigger(event="", events=["a"])', ()),
            ("@trigger(event=EVENT, events=EVENTS)", ()),
            (
                '@trigger_on_finish(flow="A", flows=["B"])',
                ('@trigger_on_finish(flow="A", flows=["B"])',),
            ),
            ('@project(name="My-Project")', ('"My-Project"',)),
            ("@project(name=config_expr('c.name'))", ()),
            ('@schedule(every="day")', ('every="day"',)),
            ('@conda_base(libraries={"a": "1"})', ()),
            ('@pypi_base(libraries={"a": "1"})', ('libraries={"a": "1"}',)),
        )
    ),
    *(
        Case(f"what @step takes: {given}", flow(body=f"@step({given})\ndef more(self): pass"), at)
        for given, at in (
            ("x=1", ("x=1",)),
            ("strat=True", ("strat=True",)),
            ("'model'", ("'model'",)),
            ("", ()),
            ("None", ()),
            ("start=True, node_info=None", ()),
            ("**options", ()),
            ("wrapped", ()),
        )
    ),
]
