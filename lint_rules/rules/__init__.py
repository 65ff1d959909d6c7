"""The rules, one file for each rule or tight family, named for its code.

A new file here is a new rule: `lint_rules.registry` finds it.
"""
