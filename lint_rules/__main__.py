"""`python -m lint_rules` is `metaflow-lint`."""

import sys

from lint_rules.cli import main

sys.exit(main())
