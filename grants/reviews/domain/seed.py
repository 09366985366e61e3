"""Random numbers that anybody can recompute from a seed, in any language, years later."""

from __future__ import annotations

import hashlib


class SeededNumbers:
    """An endless row of uniform integers: SHA-256 of ``seed:0``, ``seed:1``, ... each read as a 256-bit number."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._used = 0

    def below(self, bound: int) -> int:
        """A uniform integer in [0, bound), bound >= 1. Numbers that would favour small results are thrown away."""
        fair = (1 << 256) // bound * bound
        while True:
            digest = hashlib.sha256(f"{self._seed}:{self._used}".encode()).digest()
            self._used += 1
            number = int.from_bytes(digest, "big")
            if number < fair:
                return number % bound

    def sample(self, items: list[str], size: int) -> list[str]:
        """``size`` of ``items``, every subset equally likely, in the order drawn (Fisher-Yates from the front)."""
        pool = list(items)
        for place in range(size):
            other = place + self.below(len(pool) - place)
            pool[place], pool[other] = pool[other], pool[place]
        return pool[:size]
