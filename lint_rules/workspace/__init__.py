"""Files: where they are, how they are read, what an editor has not saved yet, and writing them.

All reading and writing goes through this room, which never leaves the repository.
"""
