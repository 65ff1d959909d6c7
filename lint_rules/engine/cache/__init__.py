"""What a run found and read, kept for the next one that would find or read the same.

A run is known by its command line and folder, and kept with the state of everything that it could
have looked at. It is found again only if nothing of that has changed (`store`); else it is done
anew, but no file is parsed again whose text is still the same (`models`).
"""
