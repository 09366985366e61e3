"""Draft, answers, attachments, submission, revisions; owns the table of an application's states.

Enters: an open call and an organisation. Leaves: an immutable revision and ``application.submitted``. Every later
stage moves an application only through ``services.advance``, whose table is states.py.
"""
