"""Demonstration data: deterministic, plainly fictional, made through the services of every stage.

``companies``, ``answers`` and ``papers`` are the material; ``rounds`` walks applications through the process with it;
``bulk`` builds large rounds by COPY.
"""
