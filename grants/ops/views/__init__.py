"""Pages and probes of operations."""

from grants.ops.views.blueprint import bp
from grants.ops.views.clock import clock
from grants.ops.views.log import audit_log
from grants.ops.views.operations import operations
from grants.ops.views.outages import outages
from grants.ops.views.probes import healthz, metrics, readyz

__all__ = ["audit_log", "bp", "clock", "healthz", "metrics", "operations", "outages", "readyz"]
