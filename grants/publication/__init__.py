"""Public notice (公示), objections, final award list (公告), open data.

Enters: an approved proposal. Leaves: frozen, fingerprinted documents that the public reads. Two people release a
final list.
"""
