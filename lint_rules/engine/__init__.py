"""A run: rules on files and projects, suppression, fixes until nothing changes, and the cache.

Takes sources and settings, and returns diagnostics. It knows neither the command line nor the
formats of reports.
"""
