from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from retrieval.calibration import THRESHOLD, Calibration, Levels, from_json
from retrieval.corpus import Found
from retrieval.passages import passages_of
from retrieval.scope import Scope
from tests.unit.retrieval.conftest import Shelf, document

DOCUMENT = document("returns")
FOUND = Found(DOCUMENT, passages_of(DOCUMENT)[0], 1.0, 0, 0.4, 0.2, 0.1, 0.3, 9.0, 1.0)
CALIBRATION = Calibration((Levels(spread=0.1, background=6.0, own=20.0, way_up=0.45),))
_cosine = st.floats(-1, 1)


@given(_cosine, _cosine, _cosine, st.floats(0, 5), st.floats(0, 1))
def test_relevance_rises_with_everything_that_speaks_for_a_find(dense, lead, title, lexical, more):
    found = replace(FOUND, dense=dense, dense_lead=lead, title=title, lexical_lead=lexical)
    relevance = CALIBRATION.relevance(found)
    assert 0 <= relevance <= 1
    for field in ("dense", "dense_lead", "title", "lexical_lead"):
        assert CALIBRATION.relevance(replace(found, **{field: getattr(found, field) + more})) >= relevance


def test_a_calibration_is_kept_as_text():
    assert from_json(CALIBRATION.to_json()) == CALIBRATION
    assert from_json(None) is None
    assert from_json('{"version": 0, "levels": []}') is None


async def test_own_sentences_are_relevant_and_everyday_remarks_are_not(opened):
    topics = ("tents poles pegs", "boots soles laces", "lamps batteries charging", "stoves valves fuel", "packs straps")
    shelf = Shelf(
        *(
            document(f"care-{number}", f"# Care\n\nClean {words} with lukewarm water before storing {words} away.")
            for number, words in enumerate(topics)
        )
    )
    index = await opened()
    await index.update(shelf)
    [hit] = await index.search("Clean stoves valves fuel with lukewarm water", scope=Scope(), limit=1)
    assert hit.relevance >= THRESHOLD
    assert hit.relevant
    hits = await index.search("my train was late again", scope=Scope(), limit=5)
    assert hits
    assert not [hit for hit in hits if hit.relevant]


async def test_relevance_does_not_need_to_be_measured_again_for_the_same_documents(opened):
    index = await opened()
    await index.update(Shelf(DOCUMENT, document("gift-cards")))
    before = await index.search("gift cards", scope=Scope(), limit=1)
    index = await opened()
    assert (await index.search("gift cards", scope=Scope(), limit=1))[0].relevance == before[0].relevance
