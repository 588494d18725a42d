"""Copies of everything in one sealed file each, and the way back (docs/operations.md).

sealed      the file: compressed, encrypted in numbered chunks, read and written in one pass
archive     what stands in it: entries, and the manifest behind them
databases   a database as one stream of bytes, out of SQLite or PostgreSQL and into it
copies      the folder of copies: names, age, checking one, letting old ones go
making      the way out
restoring   the way back
"""


class Trouble(Exception):
    """What stops a backup or a restore; its text is a sentence that says what to do."""
