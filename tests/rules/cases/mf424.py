from tests.rules.cases import Case, flow

GLOBAL = "global MODEL\nMODEL = 1"

CASES = [
    Case(
        "a module variable that a step assigns",
        flow(GLOBAL, "print(MODEL)", top="MODEL = None"),
        at=("MODEL",),
        says=("`start` changes the module variable `MODEL`, but `end` does not see that",),
    ),
    Case(
        "one that only functions assign",
        flow(
            "load()",
            "print(MODEL)",
            top="def load():\n    global MODEL\n    MODEL = 1",
        ),
        at=("load()",),
    ),
    Case(
        "a helper method changes it, another reads it",
        flow(
            "self.fill()",
            "self.show()",
            top="CACHE = {}",
            body="""
            def fill(self):
                CACHE['x'] = 1

            def show(self):
                print(CACHE['x'])

            """,
        ),
        at=("self.fill()",),
    ),
    Case(
        "a cache that each task fills for itself, or can do without",
        flow(
            "CACHE['x'] = 1\nSEEN.add(1)",
            "if 'x' in CACHE:\n    print(CACHE['x'])\nfound = SEEN or None\nprint(found)",
            top="CACHE, SEEN = {}, set()\nSEEN = set()\nCACHE = {}",
        ),
    ),
    Case(
        "each step sets it",
        flow(
            "os.environ['STAGE'] = 'dev'\nos.chdir('/tmp')",
            "os.environ['STAGE'] = 'dev'\nos.chdir('/tmp')\nprint(os.getenv('STAGE'), os.getcwd())",
            top="import os",
        ),
    ),
    Case(
        "the environment in other ways, and the folder",
        flow(
            """
            os.environ.update(STAGE='dev')
            os.environ.setdefault('REGION', 'eu')
            os.chdir('/tmp')
            """,
            "print(os.getenv('STAGE'), os.environ.get('REGION', 'us'), os.getcwd())",
            top="import os",
        ),
        at=(
            "os.environ.update(STAGE='dev')",
            "os.environ.setdefault('REGION', 'eu')",
            "os.chdir('/tmp')",
        ),
    ),
    Case(
        "a file that sets it whenever it is loaded",
        flow(
            "os.environ['STAGE'] = 'dev'\nrandom.seed(1)\nlogging.basicConfig(level='INFO')",
            "print(os.environ['STAGE'], random.random())\nlogging.info('seen')",
            top="""
            import logging, os, random
            os.environ['STAGE'] = 'dev'
            random.seed(1)
            logging.basicConfig(level='INFO')
            """,
        ),
    ),
    Case(
        "a module of the repository that configures logging",
        flow(
            "logging.basicConfig(level='INFO')", "logging.info('seen')", top="import logging, own"
        ),
        packages={"own.py": "import logging\n\nlogging.basicConfig(level='INFO')\n"},
    ),
    Case(
        "seeds for the step itself, or for a library that it calls",
        flow(
            "np.random.seed(1)\nself.parts = split(self.papers)",
            "print(np.random.rand())",
            top="import numpy as np\nfrom sklearn.model_selection import split",
        ),
    ),
    Case(
        "a seed of numpy",
        flow("np.random.seed(1)", "print(np.random.rand())", top="import numpy as np"),
        at=("np.random.seed(1)",),
        says=("`start` sets the seed of `numpy.random`",),
    ),
    Case(
        "a step that comes before",
        flow("print(MODEL)", GLOBAL, top="MODEL = None"),
    ),
    Case(
        "loggers of other libraries, warnings",
        flow(
            "logging.basicConfig(level=logging.INFO)",
            "logger.info('seen')\nlogging.warning('seen')",
            top="import logging\nfrom loguru import logger",
        ),
    ),
]
