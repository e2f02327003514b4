"""The figures of a storm as rows of the benchmarks' table."""

from collections.abc import Iterator, Mapping
from typing import Any

Figures = Mapping[str, Any]
Row = tuple[str, str, float | None, float | None]


def rows(storm: Figures) -> Iterator[Row]:
    """What a person would ask; the last of each row is the most it may be."""
    posts, danger = storm["posts"], storm["danger_on_top_s"]
    before, after = storm["queue_before_and_after_confirming"]
    sends, told = storm["sends_a_minute"], storm["told_of_the_end"]
    where = f"storm of {posts:,} posts"
    figure = f"{danger['max']} s (p50 {danger['p50']} s), {danger['missed']} of {danger['posts']} missed"
    yield f"{where}: danger on top, at most", figure, danger["max"], 30
    yield f"{where}: the queue before and after confirming", f"{before} and {after}", None, None
    figure = f"{sends['most']} (mean {sends['mean']}), over {sends['minutes']} minutes"
    yield f"{where}: answers in a minute, at most", figure, None, None
    yield f"{where}: texts sent twice", str(storm["sent_twice"]), storm["sent_twice"], 0
    figure = f"{told} of {storm['promised_an_update']}"
    yield f"{where}: told of the end, of those promised an update", figure, None, None
