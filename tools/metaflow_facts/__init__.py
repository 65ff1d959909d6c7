"""Reads facts about Metaflow from Metaflow itself: by looking at it, and by trying.

Nothing here is a table of what Metaflow does. Names and defaults are read from the installed
Metaflow; what it refuses is found by giving it flows and values, and noting what it raises. The
package `lint_rules.metaflow` holds what was found; docs/metaflow-facts.md says how to renew it.

The modules that read import Metaflow and nothing of the linter: they run with any Metaflow from
2.12 on.
"""
