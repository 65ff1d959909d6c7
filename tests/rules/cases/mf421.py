from tests.rules.cases import Case, flow


def case(start, *at, **around):
    return Case(start, flow(start, **around), at=at)


CASES = [
    case("breakpoint()", "breakpoint()"),
    case("input('?')", "input('?')"),
    case("x = int(input())", "input()"),
    case("import pdb; pdb.set_trace()", "pdb.set_trace()"),
    case("from pdb import set_trace\nset_trace()", "set_trace()"),
    case("from IPython import embed\nembed()", "embed()"),
    case("from getpass import getpass\ngetpass()", "getpass()"),
    case("import code; code.interact()", "code.interact()"),
    case("self.ask()", "input()", body="def ask(self):\n    return input()\n\n"),
    case("ask()", "input()", above="def ask():\n    return input()\n\n\n"),
    case("pass", above="def ask():\n    return input()\n\n\n"),
    case("pass", body="def ask(self):\n    return input()\n\n"),
    case("map(ask, [])", "input()", above="def ask(x):\n    return input()\n\n\n"),
    case("input()", above="def input(): pass\n\n\n"),
    case("self.input", body="x = 3\n"),
    case("pass", below="\n\nif __name__ == '__main__':\n    input()\n    ArxivTopics()\n"),
]
