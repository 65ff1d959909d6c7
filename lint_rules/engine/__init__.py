"""A run: which files it checks, rules on files and projects, suppression, fixes, and the cache.

Takes sources and settings, and returns diagnostics. It knows neither the command line nor the
formats of reports.
"""
