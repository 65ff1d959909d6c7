from tests.rules.cases import Case, flow

TOP = "import datetime\nimport os\n\nfrom metaflow import Config, IncludeFile, JSONType"


def case(call, *at, top=""):
    return Case(call, flow(top=f"{TOP}{top}", body=f"x = {call}\n"), at=at)


CASES = [
    case('Parameter("x", type=int, default="3")'),
    case('Parameter("x", type=int, default="many")', '"many"'),
    case('Parameter("x", type=bool, default="on")', '"on"'),
    case('Parameter("x", type=bool, default="Yes")'),
    case('Parameter("x", type=JSONType, default="{")', '"{"'),
    case('Parameter("x", type=JSONType, default={"a": 1})'),
    case('Parameter("x", type=int, multiple=True, default=[1])'),
    case('Parameter("x", type="int")', '"int"'),
    case('Parameter("x", type=int | None)', "int | None"),
    case('Parameter("x", type=(int, int), nargs=2, default=(1, 2))'),
    case('Parameter("x", type=None, default=1)'),
    case('Parameter("x", type=datetime.date, default="2024-01-01")', "datetime.date"),
    case('Parameter("x", type=datetime.date)'),
    case('Parameter("x", separator=",", default=3)', '","'),
    case('Parameter("x", separator=",", default="a,b")'),
    case('Parameter("x", default=lambda: 5)', "lambda: 5"),
    case('Parameter("x", default=lambda *, ctx: 5)', "lambda *, ctx: 5"),
    case('Parameter("x", default=lambda a, b, c: 5)', "lambda a, b, c: 5"),
    case('Parameter("x", default=lambda *given: 5)'),
    case('Parameter("x", default=lambda ctx, other: 5)'),
    case('Parameter("x", default=lambda ctx=None: 5)'),
    case('Parameter("x", default=os.getcwd)', "os.getcwd"),
    case('Parameter("x", default=none)', "none", top="\n\ndef none():\n    return 1\n"),
    case('Parameter("x", default=one)', top="\n\ndef one(context):\n    return 1\n"),
    case('Parameter("max-workers")', '"max-workers"'),
    case('Parameter("a b")', '"a b"'),
    case('Parameter("1a")', '"1a"'),
    case('Parameter("_a")'),
    case("Parameter(3)", "3"),
    case("Parameter(default=3)", "Parameter(default=3)"),
    case('Parameter("a", name="b")', 'name="b"'),
    case('Parameter("x", requried=True)', "requried=True"),
    case('Parameter("x", **options)'),
    case('Config("x", default="a.json", default_value={})', "{}"),
    case('Config("x", default="a.json", default_value=None)'),
    case('Config("x", default_value=[1])', "[1]"),
    case('Config("x", default_value="nope")', '"nope"'),
    case('Config("x", default_value="a: 1", parser="yaml.safe_load")'),
    case('Config("x", type=dict)', "type=dict"),
    case('IncludeFile("x", is_txt=True)', "is_txt=True"),
    Case(
        "two configs of one name, and of names that differ in case",
        flow(top=TOP, body='a = Config("x")\nb = Config("x")\nc = Config("X")\n'),
        at=('"x"',),
        says=("the same name, `x`, as `a`",),
    ),
    Case(
        "a config may be called like a parameter",
        flow(top=TOP, body='a = Config("x")\nb = Parameter("x")\n'),
    ),
    Case("one attribute", flow(body='a = Parameter("x")\na = Parameter("x")\n')),
    *(
        Case(
            f"a method of the class as a default: {above or 'none'}, {arguments}",
            flow(
                body=f"{above}\ndef size({arguments}): return 1\np = Parameter('p', default=size)"
            ),
            at,
        )
        for above, arguments, at in (
            ("", "context", ()),
            ("@staticmethod", "context", ()),
            ("@staticmethod", "", ("size",)),
            ("@classmethod", "cls, context", ("size",)),
            ("@property", "self", ("size",)),
            ("@own", "self", ()),
        )
    ),
]
