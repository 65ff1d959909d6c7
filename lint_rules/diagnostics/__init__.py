"""What a run finds: diagnostics, the comments that suppress them, and baselines.

Plain data with positions in files. It knows no rule by name.
"""
