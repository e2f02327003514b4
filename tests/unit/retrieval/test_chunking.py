from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from retrieval.chunking import LONGEST, cut, split_long
from retrieval.documents import Document, Format
from retrieval.passages import passages_of

POLICY = """
Returns are easy.

# Returns

## Time limit
Sixty days.

### Sale items
Thirty days.

## How
- Pack it
- Send it
"""

_words = st.text("abcdefghij äß.!", min_size=1, max_size=60).filter(str.strip)
_blocks = st.lists(
    st.one_of(
        st.tuples(st.just("#"), st.integers(1, 4), st.text("abcdefgh ", min_size=1, max_size=30).filter(str.strip)),
        st.tuples(st.just("p"), st.just(0), st.lists(_words, min_size=1, max_size=40).map(" ".join)),
        st.tuples(st.just("-"), st.just(0), _words),
    ),
    max_size=12,
)


def _markdown(blocks):
    lines = []
    for kind, level, words in blocks:
        lines += [f"{'#' * level} {words}" if kind == "#" else f"- {words}" if kind == "-" else words, ""]
    return "\n".join(lines)


def _letters(text):
    return [character for character in text if character.isalpha()]


def test_sections_follow_the_headings():
    sections = cut(POLICY, Format.MARKDOWN)
    assert [(section.heading, section.text) for section in sections] == [
        ((), "Returns are easy."),
        (("Returns", "Time limit"), "Sixty days."),
        (("Returns", "Time limit", "Sale items"), "Thirty days."),
        (("Returns", "How"), "- Pack it\n- Send it"),
    ]


@given(_blocks)
def test_no_letter_of_a_document_is_lost_and_their_order_is_kept(blocks):
    headings = {text for kind, _, text in blocks if kind == "#"}
    # a heading without text below it is a section that repeats it; a paragraph of the same words looks alike here
    assume(headings.isdisjoint(text for kind, _, text in blocks if kind != "#"))
    read, path = [], ()
    for section in cut(_markdown(blocks), Format.MARKDOWN):
        if section.heading != path:
            shared = next(
                (n for n, (a, b) in enumerate(zip(section.heading, path, strict=False)) if a != b),
                min(len(section.heading), len(path)),
            )
            read += section.heading[shared:]
            path = section.heading
        if not section.heading or section.text != section.heading[-1]:
            read.append(section.text)
    written = [word for kind, _, text in blocks for word in [text]]
    assert set(_letters("".join(written))) == set(_letters("".join(read)))
    paragraphs = [text for kind, _, text in blocks if kind != "#"]
    assert _letters("".join(paragraphs)) == [
        letter
        for section in cut(_markdown(blocks), Format.MARKDOWN)
        if not section.heading or section.text != section.heading[-1]
        for letter in _letters(section.text)
    ]


@given(st.text("ab .\n", max_size=4000))
def test_long_texts_are_cut_without_losing_a_letter(text):
    pieces = split_long(text.strip())
    assert all(len(piece) <= LONGEST for piece in pieces)
    assert _letters("".join(pieces)) == _letters(text)


def test_ids_stay_when_another_part_of_the_document_is_edited():
    document = Document("returns", "Returns", POLICY)
    before = {passage.id: passage.text for passage in passages_of(document)}
    edited = replace(document, text=POLICY.replace("Returns are easy.", "New.\n\n## Before all\nRead this first."))
    after = {passage.id: passage.text for passage in passages_of(edited)}
    assert {"returns#time-limit", "returns#time-limit/sale-items", "returns#how"} <= before.keys() & after.keys()
    assert all(after[name] == before[name] for name in before.keys() - {"returns#top"} if name in after)


@given(_blocks)
def test_ids_are_unique(blocks):
    ids = [passage.id for passage in passages_of(Document("d", "D", _markdown(blocks)))]
    assert len(ids) == len(set(ids)) >= 1


def test_what_looks_like_a_heading_in_a_code_block_is_text():
    [section] = cut("## Steps\n```\n# not a heading\n```", Format.MARKDOWN)
    assert section.heading == ("Steps",)
    assert "# not a heading" in section.text


def test_underlined_headings_count():
    sections = cut("Returns\n=======\nEasy.\n\nLimits\n---\nSixty days.", Format.MARKDOWN)
    assert [section.heading for section in sections] == [("Returns",), ("Returns", "Limits")]


def test_a_heading_with_nothing_under_it_is_kept():
    assert [section.text for section in cut("# A\n# B\ntext", Format.MARKDOWN)] == ["A", "text"]


def test_html_is_cut_along_its_headings():
    html = """<html><head><title>x</title><style>p {}</style></head><body><h1>Returns</h1><p>Easy <b>and</b> free.</p>
    <h2>How</h2><ul><li>Pack it</li><li>Send it</li></ul><script>no()</script></body></html>"""
    sections = cut(html, Format.HTML)
    assert [(section.heading, section.text.replace("\n\n", "\n")) for section in sections] == [
        (("Returns",), "Easy and free."),
        (("Returns", "How"), "- Pack it\n- Send it"),
    ]


def test_plain_text_is_cut_at_short_lines_that_stand_alone():
    text = "RETURNS\n\nYou have sixty days. Send it back.\n\nHow to pack:\n\nUse the box."
    assert [section.heading for section in cut(text, Format.TEXT)] == [("RETURNS",), ("How to pack",)]


def test_a_document_without_text_is_found_by_its_title():
    [passage] = passages_of(Document("empty", "Gift cards", ""))
    assert passage.text == "Gift cards"


@pytest.mark.parametrize("form", list(Format))
def test_nothing_is_made_of_nothing(form):
    assert cut("", form) == []
    assert cut(" \n\n ", form) == []
