"""Figures that were just read: the plot of a card shows what the card says, and nobody counts the same twice."""

from collections import OrderedDict
from datetime import datetime, timedelta

from server.insights.definitions import FigureName
from server.insights.endpoints import Asked
from server.insights.scope import Step
from server.insights.views import FigureView

_Key = tuple[FigureName, datetime, datetime | None, frozenset[str], Step | None]

_FRESH = timedelta(seconds=30)
_MOST = 100


class Lately:
    """What one process has read in the last half minute. It is kept by what was asked for, brands included."""

    def __init__(self) -> None:
        self._read: OrderedDict[_Key, tuple[datetime, FigureView]] = OrderedDict()

    def find(self, figure: FigureName, asked: Asked) -> FigureView | None:
        """The figure as it was read, if that was not long ago."""
        read, view = self._read.get(_key(figure, asked), (None, None))
        return view if read is not None and read > asked.span.now - _FRESH else None

    def keep(self, figure: FigureName, asked: Asked, view: FigureView) -> None:
        """Keep what was read now, and of all no more than some."""
        self._read[_key(figure, asked)] = (asked.span.now, view)
        self._read.move_to_end(_key(figure, asked))
        while len(self._read) > _MOST:
            self._read.popitem(last=False)


def _key(figure: FigureName, asked: Asked) -> _Key:
    span = asked.span
    # one that ends now ends a little later each time
    return figure, span.begin, span.end if span.end < span.now else None, asked.brands, asked.by
