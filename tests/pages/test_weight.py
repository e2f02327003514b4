"""What a page makes a browser load that has nothing of it yet. `make bench` measures the same in one."""

from selectolax.lexbor import LexborHTMLParser

from server.staff.roles import Role
from tests.fakes.cases import STRANGER, CaseWorld, person
from tests.pages.conftest import ON_SQLITE, Visitor

MOST_REQUESTS, MOST_BYTES = 12, 150_000
LOADED = "link[rel=stylesheet], link[rel=icon], script[src], img:not([loading=lazy])"
PARTS = "[data-address], [data-cards]"
BY_MODULES = 3
"""The events, what follows fetched ahead, and what is being sent: no page asks for more that stands nowhere in it."""
OPEN = ("/sign-in",)
OF_A_SUPERVISOR = ("/inbox", "/inbox/incidents", "/panel", "/transcripts", "/transcripts/coaching", "/insights")
OF_AN_ADMIN = ("/settings/you", "/settings/people", "/settings/channels", "/settings/limits/fernhollow")


async def _loaded(visitor: Visitor, address: str) -> tuple[int, int]:
    """How many requests a page makes, and the bytes that come, compressed, without images."""
    page = await visitor.get(address)
    assert page.status_code == 200, (address, page.text)
    assert page.headers["content-encoding"] == "gzip", address
    found = LexborHTMLParser(page.text)
    loaded = [node.attributes.get("href") or node.attributes["src"] for node in found.css(LOADED)]
    parts = [node.attributes.get("data-address") or node.attributes["data-cards"] for node in found.css(PARTS)]
    size = int(page.headers["content-length"])
    for one in {*loaded, *parts}:
        answer = await visitor.get(str(one))
        assert answer.status_code == 200, one
        if not answer.headers["content-type"].startswith("image/"):
            size += int(answer.headers.get("content-length") or len(answer.content))
    return 1 + len(loaded) + len(parts) + BY_MODULES, size


@ON_SQLITE
async def test_no_page_asks_for_much(visitor: Visitor, world: CaseWorld):
    draft = await world.drafted("Where is my order? It is late.", STRANGER)
    cases = (f"/inbox/drafts/{draft.id}", f"/transcripts/{draft.case}")
    for who, addresses in (
        (None, OPEN),
        (person("boss", Role.SUPERVISOR), (*OF_A_SUPERVISOR, *cases)),
        (person("admin", Role.ADMIN), OF_AN_ADMIN),
    ):
        visitor.who = who
        for address in addresses:
            requests, size = await _loaded(visitor, address)
            assert requests <= MOST_REQUESTS, address
            assert size <= MOST_BYTES, address
