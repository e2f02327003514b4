from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.paging import BrokenCursor, Cursors

KEY = b"k" * 32
PLACES = st.lists(st.one_of(st.integers(), st.text(), st.none(), st.booleans()), max_size=4)


@given(PLACES)
def test_a_cursor_is_read_back_as_it_was_written(place):
    cursors = Cursors(KEY, "drafts")
    assert cursors.read(cursors.write(place)) == place


@given(st.text())
def test_any_other_text_is_a_broken_cursor(text):
    with pytest.raises(BrokenCursor):
        Cursors(KEY, "drafts").read(text)


@given(PLACES, st.integers(min_value=0), st.characters())
def test_a_changed_cursor_is_broken(place, where, letter):
    cursor = Cursors(KEY, "drafts").write(place)
    where %= len(cursor)
    changed = cursor[:where] + letter + cursor[where + 1 :]
    if changed != cursor:
        with suppress(BrokenCursor):
            assert Cursors(KEY, "drafts").read(changed) == place  # the last letter may hold bits that count for nothing


def test_a_cursor_of_another_list_or_installation_is_broken():
    cursor = Cursors(KEY, "drafts?brand=pine").write([1])
    for other in (Cursors(KEY, "drafts?brand=oak"), Cursors(b"l" * 32, "drafts?brand=pine")):
        with pytest.raises(BrokenCursor):
            other.read(cursor)


def test_a_page_has_a_next_if_there_is_more():
    cursors = Cursors(KEY, "drafts")
    items, following = cursors.page([1, 2, 3], 2, lambda item: [item])
    assert items == [1, 2]
    assert cursors.read(following) == [2]
    assert cursors.page([1, 2], 2, lambda item: [item]) == ([1, 2], None)
    assert cursors.read(None) is None
