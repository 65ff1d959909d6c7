from lint_rules.rules.test_mode.mf208_unguarded_test_mode import _FLOW, _GUARDED, _PACKAGES
from tests.rules.cases import Case

MINE = _FLOW.format(name="ArxivTopics", end="pass", imports="", above="")
PLAIN_GUARD = """
from metaflow import current


def no_test_mode_in_production(flow):
    def checked(self):
        if current.is_production and self.test_mode:
            raise ValueError
    flow.checked = checked
    return flow
"""


def case(shows, code, at=(), fixed=None, **packages):
    named = {name.replace("__", "/") + ".py": text for name, text in packages.items()}
    return Case(shows, code, at=at, fixed=fixed, packages=_PACKAGES | named)


CASES = [
    case(
        "a guard of another kind",
        MINE,
        ("ArxivTopics",),
        _FLOW.format(name="ArxivTopics", end="pass", **_GUARDED),
        papers__guards=PLAIN_GUARD,
    ),
    case(
        "a decorator that reads the test mode and does not ask for production",
        MINE,
        papers__guards=PLAIN_GUARD.replace("current.is_production and ", ""),
    ),
    case(
        "a decorator that asks for production and does not read the test mode",
        MINE,
        papers__guards=PLAIN_GUARD.replace(" and self.test_mode", ""),
    ),
    case(
        "most of the other flows have no guard",
        MINE,
        papers__more=MINE.replace("ArxivTopics", "ArxivMore"),
        papers__others=MINE.replace("ArxivTopics", "ArxivOthers"),
    ),
    case("a flow without a test mode", MINE.replace("test_mode", "years").replace("test-", "")),
    case("a flow without a project", MINE.replace('@project(name="arxiv_topics")\n', "")),
    case(
        "a base in a package",
        MINE.replace("(FlowSpec)", "(Base)").replace("step\n", "step\nfrom x import Base\n", 1),
    ),
]
