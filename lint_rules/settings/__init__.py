"""The options, their JSON schema, and which rules they select.

Takes configuration files, and returns settings that were validated.
"""
