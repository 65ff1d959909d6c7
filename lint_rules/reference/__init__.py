"""The reference pages of the documentation, written from the code: rules and settings.

Takes the rules and the settings, and returns Markdown and JSON. A test compares the pages in
`docs/` with what it returns.
"""
