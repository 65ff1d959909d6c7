"""What a run found, kept for the next one that would find the same.

A run is known by its command line and folder, and kept with the state of everything that it could
have looked at. It is found again only if nothing of that has changed; else it is done anew.
"""
