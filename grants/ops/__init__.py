"""Operations: health, metrics, heartbeats, the operations page, mails, the audit log's page, the demonstration clock.

Enters: what every other package leaves behind. Leaves: ``/healthz``, ``/readyz``, ``/metrics``, operators' pages.
"""
