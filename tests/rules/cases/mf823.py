from tests.rules.cases import Case, flow

JOIN = "@step\ndef join(self, inputs):\n    self.next(self.end)\n\n"


def case(init, *at, **around):
    return Case(init, flow(body=f"{init}\n\n", **around), at=at)


def taking(body, *at, **around):
    text = body.replace("\n", "\n    ")
    return case(f"def __init__(self, use_cli=True):\n    {text}", *at, **around)


CASES = [
    taking("super().__init__(use_cli)"),
    taking("super().__init__(use_cli=use_cli)"),
    taking("super().__init__()\nself.x = 1", "self.x = 1"),
    taking("super().__init__(use_cli)\nself.x = 1", "self.x = 1"),
    taking("FlowSpec.__init__(self, use_cli)\nself.x = 1", "self.x = 1"),
    taking("super(ArxivTopics, self).__init__(use_cli)\nprint(1)", "print(1)"),
    taking("super().__init__(False)\nself.x = 1"),
    taking("self.x = 1\nsuper().__init__(use_cli)", start="print(self.x)"),
    taking("self.x = 1\nsuper().__init__(use_cli)", "self.x", start="self.x = 2", end="self.x"),
    taking("self.x = 1\nsuper().__init__(use_cli)", start="self.x = 2\nprint(self.x)"),
    taking(
        "self.x = []\nsuper().__init__(use_cli)", "self.x", start="self.x.append(1)", end="self.x"
    ),
    taking("if use_cli:\n    super().__init__(use_cli)"),
    taking("start(self)"),
    taking("self.x = 1", "__init__"),
    taking("self.__dict__.update(x=1)\nFlowSpec.__init__(self)"),
    case("def __init__(self):\n    super().__init__()"),
    case(f"{JOIN}def __init__(self):\n    super().__init__()", "__init__"),
    case(f"{JOIN}def __init__(self, **kw):\n    super().__init__(**kw)"),
    case(f"{JOIN}def __init__(self, use_cli=True):\n    super().__init__(use_cli)"),
    Case(
        "a mixin that comes after FlowSpec",
        flow(above="class Mixin:\n    def __init__(self): pass\n\n\n").replace(
            "(FlowSpec)", "(FlowSpec, Mixin)"
        ),
    ),
    Case(
        "a mixin that comes before FlowSpec",
        flow(above="class Mixin:\n    def __init__(self): pass\n\n\n").replace(
            "(FlowSpec)", "(Mixin, FlowSpec)"
        ),
        at=("__init__",),
    ),
    Case(
        "an unknown base",
        "from own import Base\nfrom metaflow import step\n\n\nclass ArxivTopics(Base):\n"
        "    def __init__(self):\n        pass\n\n    @step\n    def start(self): pass\n",
    ),
]
