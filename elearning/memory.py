"""A cache in the memory of one process that hands out the very values it was given."""

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache


class UncopiedCache(LocMemCache):
    """Django's own copies each value on its way in and out, which costs a page more than filling it in.

    So it is for values that nobody changes: texts, and tuples or frozen objects of texts. Its keys are ours
    and not looked over for what memcached would not take.
    """

    def make_and_validate_key(self, key: str, version: int | None = None) -> str:
        """The key as it stands in memory."""
        return self.make_key(key, version=version)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value itself, or ``default``."""
        key = self.make_and_validate_key(key, version)
        with self._lock:
            if self._has_expired(key):
                self._delete(key)
                return default
            self._cache.move_to_end(key, last=False)
            return self._cache[key]

    def set(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep the value itself."""
        with self._lock:
            self._set(self.make_and_validate_key(key, version), value, timeout)

    def add(
        self, key: str, value: Any, timeout: float | None = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep the value unless there is one; whether it was kept."""
        key = self.make_and_validate_key(key, version)
        with self._lock:
            if not self._has_expired(key):
                return False
            self._set(key, value, timeout)
            return True

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Nothing is counted here: a value that changes does not belong."""
        raise TypeError("This cache is for values that nobody changes.")
