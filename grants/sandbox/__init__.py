"""Files that strangers have sent, opened in a process of its own with bounded memory, time and output.

Enters: a path and what the file claims to be. Leaves: what it was found to be, a clean copy of a picture, a preview; or
the code of the reason why it is not taken. The process knows no secret, no database and no store. What a library does
with a hostile file - a bomb, an endless loop, a crash - ends with it (docs/decisions/0024).

This file imports nothing: it is read at every start of that process.
"""
