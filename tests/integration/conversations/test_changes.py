"""An open panel hears that something changed in its session, and nothing of what else happens."""

from typing import Any

from server.db import writing
from server.events.log import record
from tests.fakes.cases import STRANGER
from tests.integration.conversations.conftest import Panel, Told
from tests.web.events import running, until

ASKED = "Where is my order FH-10423?"


async def _happen(panel: Panel, *events: tuple[str, str, dict[str, Any]]) -> None:
    async with writing(panel.world.engine) as session:
        for kind, subject, more in events:
            record(session, kind, subject, **{"brand": "fernhollow", "at": panel.world.now, **more})


async def _changes(panel: Panel, conversation: str, who: str = "rep", after: int = 0) -> list[Told]:
    path = f"/conversations/{conversation}/changes?after={after}&follow=false"
    async with panel.stream("GET", path, who=who) as stream:
        return await stream.rest()


async def test_what_concerns_the_customer_or_the_session_is_told_and_what_concerns_others_is_not(panel: Panel):
    mine, theirs = await panel.world.drafted(ASKED), await panel.world.drafted("my tent leaks", STRANGER)
    conversation, other = await panel.opened(), await panel.opened()
    async with running(panel.world.engine) as feed:
        panel.app.state.feed = feed
        _, begins = await feed.kept()
        await _happen(
            panel,
            ("promise.kept", "promise_1", {"case": mine.case}),
            ("promise.kept", "promise_2", {"case": theirs.case}),
            ("publication.sent", "publication_1", {"case": mine.case}),
            ("draft.approved", mine.id, {"case": mine.case}),
            ("shop.imported", "import_1", {"brand": ""}),
            ("shop.switched", "import_1", {"brand": ""}),
            ("fact.learned", "fact_1", {"customer": "C-1"}),
            ("fact.learned", "fact_2", {"customer": "C-2"}),
            ("publication.sent", "publication_2", {"case": mine.case, "brand": "tarnlight"}),
            ("conversation.closed", conversation, {}),
            ("conversation.closed", other, {}),
            ("customer.erased", "erasure_1", {}),
            ("customer.erased", "erasure_2", {"brand": ""}),
        )
        await until(lambda: feed.newest >= begins + 13)
        began, *told = await _changes(panel, conversation, after=begins)
        assert (began.kind, began.data["position"]) == ("stream.began", begins)
        assert [(one.number - begins, one.data["what"]) for one in told] == [
            (1, "customer"),
            (3, "customer"),
            (5, "customer"),
            (7, "customer"),
            (10, "session"),
            (12, "session"),
            (13, "session"),
        ]
        assert all(set(one.data) == {"what", "position"} for one in told), "what it was is not told"
        refused = await panel.ask("GET", f"/conversations/{conversation}/changes", who="elsewhere")
        assert (refused.status_code, refused.json()["code"]) == (404, "conversation_not_found")


async def test_it_is_heard_as_it_happens(panel: Panel):
    conversation = await panel.opened()
    async with running(panel.world.engine) as feed:
        panel.app.state.feed = feed
        async with panel.stream("GET", f"/conversations/{conversation}/changes") as stream:
            await stream.until("stream.began")
            await panel.ask("POST", f"/conversations/{conversation}/close")
            [heard] = await stream.until("session.changed")
            assert heard.data["what"] == "session"
