from tests.rules.cases import Case, flow

HELP = "def help(self):\n    return 1\n"


def case(start, *at, body="limit = 1", end="pass", **around):
    return Case(f"{body}; {start}", flow(start, end, body=f"{body}\n", **around), at=at)


CASES = [
    case("self.limit = 2", "self.limit"),
    case("self.limit += 2", "self.limit"),
    case("self.limit: int = 2", "self.limit"),
    case("for self.limit in []:\n    pass", "self.limit"),
    case("self.limit, x = 2, 3", "self.limit"),
    case("self.limit = 2", "self.limit", body="limit = [1]"),
    case("self.limit = 2", "self.limit", body="limit = unknown()"),
    case("self.limit = 2", "self.limit", body="limit = MOST", above="MOST = 10\n"),
    case("self.limit = 2", body="limit = most", above="def most(self):\n    pass\n\n\n"),
    case("self.limit = 2", body="limit: int"),
    case("self.limit = 2", body="if unknown:\n    limit = 1"),
    case("self.limit = 2", body='limit = Parameter("limit")'),
    case("try:\n    self.limit = 2\nexcept AttributeError:\n    pass"),
    case("self.other = self.limit"),
    case("other.limit = 2"),
    case("pass", body="limit = 1\n\ndef unused(self):\n    self.limit = 2\n"),
    case("self.used()", "self.limit", body="limit = 1\n\ndef used(self):\n    self.limit = 2\n"),
    case("self._limit = 2", "self._limit", body="_limit = 1", end="print(self._limit)"),
    case("self._limit = 2\nprint(self._limit)", body="_limit = 1"),
    case("self._limit = 2", body="_limit = 1", end="self._limit = 3\nprint(self._limit)"),
    case("self.help = 2", body=HELP),
    case("self.help = 2", "self.help", body=HELP, end="print(self.help)"),
    case("self.help = 2", "self.help", body=HELP, end="print(self.help.x)"),
    case("self.help = 2", body=HELP, end="self.help()"),
    case("self.help = 2\nself.help()", "self.help", body=HELP),
    case("self.help()\nself.help = 2", body=HELP),
    case("self.help = lambda: 2\nself.help()", body=HELP),
    case("self.help = 2", "self.help", body=f"@staticmethod\n{HELP}", end="print(self.help)"),
    case("self.help = 2", "self.help", body=f"@property\n{HELP}"),
    case("self.help = 2", body=f"@property\n{HELP}\n@help.setter\ndef help(self, x):\n    pass\n"),
    case("self.help = 2", body=f"@unknown\n{HELP}", end="print(self.help)"),
    case("self.end = 2", "self.end"),
    case("pass", end="self.end = 2"),
    case("pass", end="self.end = 2\nprint(self.end)"),
    case("del self.limit", "self.limit"),
    case('setattr(self, "limit", 2)', 'setattr(self, "limit", 2)'),
    case('setattr(self, "other", 2)'),
    case("setattr(self, unknown, 2)"),
    case("self.other = 2\ndel self.other"),
    case("self.next = 2", "self.next"),
    case("self.input = 2", "self.input"),
    case("self.index = 2", "self.index"),
    case("self.script_name = 2", "self.script_name"),
    case("self.name = 2"),
    case("self.name = 2", "self.name", end="print(self.name)"),
    case("self.cmd = 2", "self.cmd", end="print(self.cmd)"),
]
