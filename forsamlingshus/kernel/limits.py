"""Limits: how often an account or address may try something; counted in this process, or in Redis for all of them."""

import ipaddress
import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from forsamlingshus.kernel import shared

log = logging.getLogger(__name__)
T = TypeVar("T")

SWEEP_AFTER = 60
"""Seconds after which tries that no longer count are forgotten."""


class _Unhurried:
    """Stands where the library keeps its timer: it would start a thread after each try, to forget what has expired."""

    def __init__(self, storage: MemoryStorage) -> None:
        self._storage, self._swept_at = storage, time.time()

    def is_alive(self) -> bool:
        """Asked by the library at each try: forgets what has expired, now and then, and says that no timer is due."""
        now = time.time()
        if abs(now - self._swept_at) >= SWEEP_AFTER:
            self._swept_at = now
            for key, tries in list(self._storage.events.items()):
                if not tries or tries[0].expiry <= now:
                    self._storage.clear(key)
        return True


_memory = MemoryStorage()
_memory.timer = _Unhurried(_memory)  # type: ignore[assignment]

_own = MovingWindowRateLimiter(_memory)
_common: MovingWindowRateLimiter | None = None
_away_until = 0.0


def init(redis_url: str) -> None:
    """Count in Redis, for all processes together; without an address in the memory of this one."""
    global _common
    _common = None
    if redis_url:
        # The address names where Redis is; the storage's own way of reading it differs for sockets only.
        storage = storage_from_string(redis_url.replace("unix://", "redis+unix://", 1), **shared.TIMEOUTS)
        _common = MovingWindowRateLimiter(storage)


def _count(act: Callable[[MovingWindowRateLimiter], T]) -> T:
    """Ask Redis; while it is away this process counts alone, so that nobody is locked out, or let in without end."""
    global _away_until
    if _common is None or time.monotonic() < _away_until:
        return act(_own)
    try:
        return act(_common)
    except _common.storage.base_exceptions as error:
        log.warning("limits are counted in this process alone, Redis is away: %s", error)
        _away_until = time.monotonic() + shared.TRY_AGAIN
        return act(_own)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `amount` tries of `name` in `minutes` for each key; with `seconds`, in so many of those instead."""

    name: str
    amount: int
    minutes: int
    seconds: int = 0

    def wait(self, key: str) -> int:
        """Count one try for `key`; returns 0 when it is allowed, else the seconds to wait."""
        return 0 if _count(lambda limiter: limiter.hit(self._item, self.name, key)) else self._seconds(key)

    def left(self, key: str) -> int:
        """The seconds that `key` must wait, 0 for none; counts no try."""
        return 0 if _count(lambda limiter: limiter.test(self._item, self.name, key)) else self._seconds(key)

    def forgive(self, key: str) -> None:
        """Forget the tries of `key`, after a success."""
        _count(lambda limiter: limiter.clear(self._item, self.name, key))

    def give_back(self, key: str) -> None:
        """Forget the newest try of `key`: in a hall, many people who know their passwords come from one address."""
        _count(lambda limiter: _forget_newest(limiter.storage, self._item.key_for(self.name, key)))

    @property
    def _item(self) -> RateLimitItem:
        if self.seconds:
            return RateLimitItemPerSecond(self.amount, self.seconds)
        return RateLimitItemPerMinute(self.amount, self.minutes)

    def _seconds(self, key: str) -> int:
        reset_at, _left = _count(lambda limiter: limiter.get_window_stats(self._item, self.name, key))
        return max(1, math.ceil(reset_at - time.time()))


def _forget_newest(storage: Any, place: str) -> None:
    if isinstance(storage, MemoryStorage):
        with storage.locks[place]:
            del storage.events.get(place, [])[:1]
    else:
        storage.storage.lpop(storage.prefixed_key(place))


def network(address: str | None) -> str:
    """What counts as one address: an IPv4 address, or the /64 network that one subscriber of IPv6 has to himself."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))


def kept() -> list[str]:
    """The keys whose tries are remembered."""
    return list(_memory.events)


def forget_all() -> None:
    """Forget every try (a fresh process; tests)."""
    _memory.reset()
    if _common is not None:
        _common.storage.reset()


class TokenBucket:
    """Allows `burst` takes at once and then `per_second`; for one socket, so without a lock."""

    __slots__ = ("_burst", "_left", "_rate", "_seen")

    def __init__(self, *, burst: int, per_second: float) -> None:
        self._burst = float(burst)
        self._left = float(burst)
        self._rate = per_second
        self._seen = time.monotonic()

    def take(self) -> bool:
        """Take one token; False when none is left."""
        now = time.monotonic()
        self._left = min(self._burst, self._left + (now - self._seen) * self._rate)
        self._seen = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
