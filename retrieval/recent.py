"""Remembers the last values that were worked out."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """The newest `most` values by what they were asked for. Threads share it.

    Who asks for a value that another thread is working out waits for that one, and gets its error where it fails;
    who asks after it failed tries again.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Key, Future[Value]] = OrderedDict()
        self._choosing = Lock()

    def get(self, key: Key, work_out: Callable[[], Value]) -> Value:
        """The value that is remembered for `key`, else what `work_out` gives."""
        with self._choosing:
            value = self._values.get(key)
            known = value is not None and not (value.done() and value.exception())
            if value is None or not known:
                value = self._values[key] = Future()
                if len(self._values) > self._most:
                    self._values.popitem(last=False)
            self._values.move_to_end(key)
        if not known:
            try:
                value.set_result(work_out())
            except BaseException as error:
                value.set_exception(error)
                raise
        return value.result()
