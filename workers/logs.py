"""Log lines of workers and relay: one JSON object each, with the fields bound to the task; no values in tracebacks."""

import structlog


def configure_logs() -> None:
    """Set the format for this process. The values of variables stay out: they are people's answers."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
