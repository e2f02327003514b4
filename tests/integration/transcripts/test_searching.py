"""A supervisor finds a transcript by its words and by what happened in it."""

from server.staff.roles import Role
from tests.fakes.cases import CaseWorld, person
from tests.integration.drafts.http import Desk
from tests.integration.transcripts.indexing import indexed

SUPERVISOR, REP = person("supervisor"), person("rep", Role.REP)


async def _found(desk: Desk, q: str = "", **asked: object) -> list[str]:
    page = (await desk.get(SUPERVISOR, "/transcripts", q=q, **asked)).json()
    return [item["author"] for item in page["items"]]


async def test_words_phrases_and_beginnings_are_found_whatever_their_case_and_accents(world: CaseWorld, desk: Desk):
    await world.drafted("My Größentabelle says M, the café called it an L. Order FH-10423", "ann", thread="t1")
    await world.drafted("My tent never arrived", "bob", thread="t2")
    await indexed(world.engine)
    assert await _found(desk, "GROSSENTABELLE") == ["ann"]
    assert await _found(desk, "cafe") == ["ann"]
    assert await _found(desk, "größent*") == ["ann"]
    assert await _found(desk, "fh-10423") == ["ann"]
    assert await _found(desk, '"never arrived"') == ["bob"]
    assert await _found(desk, '"arrived never"') == []
    assert await _found(desk, "my") == ["bob", "ann"]
    assert await _found(desk, "my -tent") == ["ann"]
    assert await _found(desk, "tent café") == []
