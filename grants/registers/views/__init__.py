"""Pages of the registers, for administrators; auditors read."""

from grants.registers.views import imports, registers
from grants.registers.views.blueprint import bp

__all__ = ["bp", "imports", "registers"]
