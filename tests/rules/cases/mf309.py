from tests.rules.cases import Case, flow

CASES = [
    Case(
        "a later step imports it",
        flow("print(numpy.pi)", "import numpy"),
        at=("numpy.pi",),
        fixed=flow("import numpy\n\nprint(numpy.pi)", "import numpy"),
    ),
    Case(
        "what is set on a module is read from it",
        flow("import numpy", "numpy.quiet = True"),
        at=("numpy.quiet",),
        fixed=flow("import numpy", "import numpy\n\nnumpy.quiet = True"),
    ),
    Case("a name that is set is not read", flow("import numpy", "numpy = 1")),
    Case(
        "all names of a module may hold it",
        flow("import numpy", "print(numpy)", top="from own import *"),
    ),
    Case("a step that says so shares it", flow("global numpy\nimport numpy", "print(numpy)")),
]
