"""Pages of the experts (``/review``) and of the office around panels and the pool (``/staff``)."""

from grants.reviews.views import experts, office
from grants.reviews.views.blueprint import bp

__all__ = ["bp", "experts", "office"]
