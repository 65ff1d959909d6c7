"""Names that are used where no reference shows it."""

import pytest

from lint_rules.analysis.free_names import is_free_in_class
from lint_rules.analysis.hidden_uses import has_hidden_use, looks_names_up
from tests.analysis.modules import module_of

HIDDEN = {
    "in an annotation that is a text": "def f(x: 'list[pd.DataFrame]'): pass",
    "in one of a class": "class A:\n    x: 'pd.DataFrame'",
    "in a type that is a text": "Frame = Optional['pd.DataFrame']",
    "in __all__": "__all__ = ['pd']",
    "in what is added to __all__": "__all__ += ['pd']",
    "as a global of an inner function": (
        "def f():\n    def g():\n        global pd\n        return pd"
    ),
    "in annotations that are read later": (
        "from __future__ import annotations\ndef f():\n    def g(x: pd.DataFrame): pass"
    ),
}
PLAIN = {
    "in a text": "print('a pd or two')",
    "in the name of a file": "open('papers.pd')",
    "nowhere": "",
}
OPEN = [
    "globals()['pd']",
    "eval('pd')",
    "exec('pd')",
    "vars()",
    "import sys\nsys.modules[__name__]",
    "from unittest import mock\nmock.patch('flow.pd')",
    "import importlib\nimportlib.import_module('flow')",
    "f.__globals__['pd']",
    "from everything import *",
]
TAKES = [
    "from flow import pd",
    "from flow import *",
    "from pipelines.flow import (\n    other,\n    pd,\n)",
    "from . import flow\nprint(flow.pd)",
    "import flow as f\nprint(f.pd)",
    "from unittest import mock\nmock.patch('flow.pd.DataFrame')",
    "import flow\nmonkeypatch.setattr(flow, 'pd', None)",
    "from link import pd",
]
LEAVES = [
    "import pd",
    "from flow import other\nimport pandas as pd\nprint(pd)",
    "from overflow import pd",
]


@pytest.mark.parametrize("where", HIDDEN)
def test_it_is_used(where):
    assert has_hidden_use("pd", module_of(f"import pandas as pd\n{HIDDEN[where]}\n"))


@pytest.mark.parametrize("where", PLAIN)
def test_it_is_not_used(where):
    assert not has_hidden_use("pd", module_of(f"import pandas as pd\n{PLAIN[where]}\n"))


@pytest.mark.parametrize("code", OPEN)
def test_any_name_may_be_used(code):
    assert looks_names_up(module_of(f"import pandas as pd\n{code}\n"))


def test_code_that_looks_nothing_up():
    assert not looks_names_up(module_of("import pandas as pd\nprint(pd.DataFrame(), open('a'))\n"))


@pytest.mark.parametrize(
    ("other", "takes"), [(t, True) for t in TAKES] + [(t, False) for t in LEAVES]
)
def test_another_file_takes_it(other, takes, tmp_path):
    (tmp_path / ".git").mkdir()
    text = "import pandas as pd\n"
    (tmp_path / "flow.py").write_text(text)
    (tmp_path / "link.py").symlink_to("flow.py")
    (tmp_path / "other.py").write_text(f"{other}\n")
    assert has_hidden_use("pd", module_of(text, tmp_path / "flow.py")) is takes


FLOW = "from metaflow import FlowSpec, step\n\n\nclass Topics(FlowSpec):\n    {}\n"
HEIR = "from middle import Middle\n\n\nclass Heir(Middle):\n    {} = 3\n"


@pytest.mark.parametrize(
    ("body", "heir", "is_free"),
    [
        ("year = 3", "year", True),
        ("test_mode = 3", "year", False),
        ("def f(self): self.test_mode = 3", "year", False),
        ("def f(self): setattr(self, 'test' + '_mode', 3)", "year", False),
        ("year = 3", "test_mode", False),
    ],
)
def test_a_name_is_free(body, heir, is_free, tmp_path):
    (tmp_path / ".git").mkdir()
    text = FLOW.format(body)
    (tmp_path / "flow.py").write_text(text)
    (tmp_path / "middle.py").write_text(
        "from flow import Topics\n\n\nclass Middle(Topics):\n    pass\n"
    )
    (tmp_path / "heir.py").write_text(HEIR.format(heir))
    (flow,) = module_of(text, tmp_path / "flow.py").flows
    assert is_free_in_class(flow, "test_mode", "test-mode") is is_free
