"""``make run``: the whole system as one command that leaves nothing behind.

Starts the embedded Redis, prepares the database, then runs relay, workers, beat and web server as children, watches
them and ends with them. Nothing of the data lives here: everything is under the data folder or in the database named
by the environment.
"""
