from tests.rules.cases import Case, flow


def counted(factory, fixed=None, *, above=""):
    """A `defaultdict` as an artifact, and the factory that the fix writes."""

    def code(factory):
        imports = "from collections import defaultdict\nimport collections"
        work = f"{above}self.x = {factory}"
        return flow(work, top=imports)

    return Case(
        f"{above}{factory}",
        code(factory),
        at=("self.x",),
        fixed=None if fixed is None else code(fixed),
    )


CASES = [
    counted("defaultdict(lambda: [])", "defaultdict(list)"),
    counted("collections.defaultdict(lambda: {})", "collections.defaultdict(dict)"),
    counted("defaultdict(lambda: set())", "defaultdict(set)"),
    counted("defaultdict(lambda: 0)", "defaultdict(int)"),
    counted("defaultdict(lambda: 0.0)", "defaultdict(float)"),
    counted('defaultdict(lambda: "")', "defaultdict(str)"),
    counted("defaultdict(lambda: False)", "defaultdict(bool)"),
    counted("defaultdict(lambda: ())", "defaultdict(tuple)"),
    counted("defaultdict(lambda: list())", "defaultdict(list)"),
    counted("defaultdict(lambda: [0])"),
    counted("defaultdict(lambda: 1)"),
    counted("defaultdict(lambda: defaultdict(list))"),
    counted("defaultdict(lambda: list([1]))"),
    counted("defaultdict(lambda: [], a=[1])"),
    counted("defaultdict(lambda: [])", above="list = 3\n"),
    Case(
        "a partial of a lambda",
        flow("self.x = partial(lambda y: y, 1)", top="from functools import partial"),
        at=("self.x",),
    ),
    Case(
        "a partial of a function",
        flow("self.x = partial(int, base=2)", top="from functools import partial"),
    ),
]
