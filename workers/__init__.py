"""Everything that runs outside requests: the relay, the Celery application, and one module of thin tasks per stage.

Stands above ``grants`` and is known by nothing in it. A task takes ids as text, reads, works without a transaction,
calls a service in a second transaction, and is safe to run twice.
"""
