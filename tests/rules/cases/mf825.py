from tests.rules.cases import Case, flow

TOP = "from metaflow import Config, config_expr, environment, retry"
VALUES = 'c = Config("c", default_value={"n": 2})\np = Parameter("p", default=2)\n'


def case(line, *at):
    return Case(line, flow(top=TOP, body=f"{VALUES}{line}\n"), at=at)


CASES = [
    case('x = f"{c.n}"', "c.n"),
    case('x = "%s" % c.n', "c.n"),
    case('x = "%s %s" % (1, c["n"])', 'c["n"]'),
    case('x = "{}".format(c.n)', "c.n"),
    case('x = "-".join(["a", p])', "p"),
    case("x = c.n * 2", "c.n"),
    case("x = -c.n", "c.n"),
    case("x = p > 3", "p"),
    case("x = not p", "p"),
    case("x = c.n or 5", "c.n"),
    case("x = 1 if p else 2", "p"),
    case("x = 2 in c.n", "c.n"),
    case("x = int(p)", "p"),
    case("x = [*c.n]", "c.n"),
    case("x = {1: 2}[c.n]", "c.n"),
    case("x = c.n", "c.n"),
    case('x = config_expr("c")', 'config_expr("c")'),
    case('x = config_expr("c.n")'),
    case("x = [c.n]"),
    case("x = p.name"),
    case('x = Parameter("x", default=c.n)'),
    case('x = Parameter("x", default=c.name)', "c.name"),
    case('x = Parameter("x", default=lambda ctx: f"{c.n}")'),
    case("if c.n:\n    x = 1", "c.n"),
    case("for x in p:\n    pass", "p"),
    case("@retry(times=p)", "p"),
    case('@environment(vars={"P": p})', "p"),
    case('@environment(vars={"N": c.n})'),
    case("@retry(**c.n)"),
    case("@retry(times=self.p)", "self.p"),
    case("x = current.run_id", "current.run_id"),
    case("x = current.get('run_id')"),
    case("x = current.is_running_flow"),
    case("x = current.run_id if current.is_running_flow else None"),
    Case(
        "in a step",
        flow(top=TOP, body=VALUES, start='print(f"{self.c.n}", self.p + 1, current.run_id)'),
    ),
    Case(
        "a name of a step that is called like a parameter",
        flow(top=TOP, body=VALUES, start="p = 3\nprint(p + 1)"),
    ),
]
