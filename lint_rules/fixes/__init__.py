"""Edits in the words of rules, and what they come to in a text.

Takes edits as data and a source, and returns the new text. It writes no file.
"""
