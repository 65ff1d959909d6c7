"""What a statement may do to the imports after it."""

import pytest

from lint_rules.analysis.import_effects import BeforeImports, may_change_imports
from lint_rules.model.code import Import
from tests.analysis.modules import module_of

IMPORTS = "import importlib, json, os, site, subprocess, sys, tools\nimport numpy as np\n"


@pytest.mark.parametrize(
    "line",
    [
        'sys.path.insert(0, "lib")',
        "sys.modules.clear()",
        'os.environ["HOME"] = "/tmp"',
        "if os.environ: pass",
        'exec("import a")',
        "subprocess.run(['pip', 'install', 'a'])",
        "importlib.reload(tools)",
        "tools.install_packages()",
        "tools.load_dotenv()",
        "handlers[0]()",
        "for _ in range(3): os.chdir('lib')",
    ],
)
def test_code_that_may_change_imports(line):
    assert may_change_imports(module_of(IMPORTS + line).body[-1])


@pytest.mark.parametrize(
    "line",
    [
        "a = 1",
        "np.zeros(3)",
        'print("install")',
        "json.loads(text)",
        "tools.fetch()",
        "os.getcwd()",
    ],
)
def test_code_that_changes_no_imports(line):
    assert not may_change_imports(module_of(IMPORTS + line).body[-1])


@pytest.mark.parametrize(
    ("before", "is_same"),
    [
        ("", True),
        ("a = 1", True),
        ("np = 1", False),
        ("np.x = 1", False),
        ("for np in []: pass", False),
        ("with open('a') as np: pass", False),
        ("np['a'] = 1", False),
        ("import os as np", False),
        ("install()", False),
    ],
)
def test_an_import_does_the_same_before_the_statements_above_it(before, is_same):
    text = f"def work():\n    import os\n    {before}\n    import numpy as np\n    install()\n"
    (function,) = module_of(text).functions.values()
    found = BeforeImports(function)
    last = [s for s in function.body if isinstance(s, Import)][-1]
    assert found.allows(last) is is_same
    assert found.leading[0] is function.body[0]
