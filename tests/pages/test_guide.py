"""The guide through the demo: there alone, for who is signed in, with a far side that does as it says."""

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from assistant.agent import Written
from assistant.rep_round import PanelWriters
from server.channels.protocol import Incoming
from server.channels.simulated.inside import file_in
from server.channels.simulated.repository import NetworkPosts
from server.db import writing
from server.demo.entering import let_in
from server.demo.far_side import Act, FarSide
from server.demo.plugs import Plugs
from server.pages.guide import STEPS
from server.settings import SHIPPED_KNOWLEDGE
from server.shop.outages import Outages
from server.staff.demo import demo_people
from server.staff.links import use_link
from server.staff.roles import Caller, Role
from tests.fakes.cases import KNOWN, CaseWorld, person
from tests.pages.conftest import BY_A_MODULE, ON_SQLITE, Visitor

SCRIPT = {
    "cases": {name: {"brand": "fernhollow", "author": KNOWN} for name in ("tent", "writer")},
    "says": {"again": {"case": "writer", "text": "and another thing"}, "asks": {"case": "tent", "text": "well?"}},
    "outage": {
        "brand": "fernhollow",
        "people": 3,
        "names": ["fell", "tarn"],
        "texts": ["are you down?"],
        "others": [{"author": "sam", "text": "I cut my hand"}],
    },
}


@pytest.fixture
def far_side(visitor: Visitor, tmp_path: Path) -> FarSide:
    far_side = FarSide(tmp_path, SCRIPT, Plugs())
    let_in(visitor.app, far_side)
    visitor.who = person("sunniva", Role.SUPERVISOR)
    return far_side


async def act(visitor: Visitor, act: Act) -> int:
    return (await visitor.http.post(f"/demo/acts/{act}", json={}, headers=BY_A_MODULE)).status_code


def written(far_side: FarSide) -> list[tuple[str, str]]:
    """Who wrote what on the network, but for what is deleted."""
    posts = NetworkPosts(file_in(far_side.home))
    try:
        return [(post["author"], post["text"]) for post in posts.everything() if post["deleted_at"] is None]
    finally:
        posts.close()


async def has_written(world: CaseWorld, far_side: FarSide, text: str) -> None:
    """Somebody whom the guide speaks of has written, on the network and to us."""
    posts = NetworkPosts(file_in(far_side.home))
    account = world.account
    at = {"network": account.channel, "account": account.handle}
    post = posts.add({**at, "author": KNOWN, "by_account": False, "text": text}, now=0, visible_at=0)
    posts.close()
    await world.tell(Incoming(str(post["id"]), str(post["id"]), KNOWN, text, world.now))
    world.wait()
    await world.work()


@ON_SQLITE
async def test_a_server_that_is_no_demo_has_no_guide(visitor: Visitor):
    visitor.who = person("sunniva", Role.SUPERVISOR)
    assert (await visitor.open("/inbox")).css_first("#guide, #guide-open") is None
    for path in ("/demo/acts/outage", "/demo/supervisor"):
        assert (await visitor.http.post(path, json={})).status_code == 404


@ON_SQLITE
@pytest.mark.usefixtures("far_side")
async def test_nobody_is_guided_who_is_not_signed_in_or_may_not_read_cases(visitor: Visitor):
    asked = [("GET", "/demo/cases/tent"), ("POST", "/demo/acts/outage"), ("POST", "/demo/supervisor")]
    machine = Caller("token_1", "Import", None, frozenset({"fernhollow"}), frozenset())
    for who, status in ((None, 401), (machine, 403)):
        visitor.who = who
        for method, path in asked:
            assert (await visitor.http.request(method, path, headers=BY_A_MODULE)).status_code == status


@ON_SQLITE
@pytest.mark.usefixtures("far_side")
@pytest.mark.parametrize("role", Role)
async def test_everybody_finds_every_step_and_a_way_on_where_they_may_not_take_it(visitor: Visitor, role: Role):
    visitor.who = person("somebody", role)
    steps = (await visitor.open("/inbox", Cookie="deskside_guide=3")).css("#guide [data-step]")
    assert [step.attributes.get("hidden", "no") for step in steps] == ["no" if n == 3 else None for n in range(1, 9)]
    led = [bool(step.css("[data-guide=supervisor]")) for step in steps]
    assert led == [not visitor.who.may(step.needs) for step in STEPS]
    others = [n for n, step in enumerate(STEPS, 1) if not visitor.who.may(step.needs)]
    assert (f"may take: {', '.join(map(str, others))}" in steps[0].text()) is bool(others)
    assert [step.css("details[open]") for step in steps] == [[]] * len(STEPS), "what was read is one line"
    assert len((await visitor.open("/inbox")).css("#guide details[open]")) == len(STEPS)


@ON_SQLITE
@pytest.mark.usefixtures("far_side")
async def test_what_is_closed_stays_closed(visitor: Visitor):
    page = await visitor.open("/inbox", Cookie="deskside_guide=4-closed")
    assert "hidden" in page.css_first("#guide").attributes
    assert page.css_first("#guide-open").attributes["aria-expanded"] == "false"


@ON_SQLITE
async def test_the_writer_writes_again_and_deletes_it_all(visitor: Visitor, far_side: FarSide, world: CaseWorld):
    assert await act(visitor, Act.AGAIN) == 404  # nothing is there yet
    await has_written(world, far_side, "how do I wash it?")
    assert await act(visitor, Act.AGAIN) == 200
    assert written(far_side) == [(KNOWN, "how do I wash it?"), (KNOWN, "and another thing")]
    assert [job.kind for job in await world.due()] == ["poll"]
    led = await visitor.get("/demo/cases/writer")
    assert led.headers["location"] == f"/inbox/cases/{(await world.case()).id}"
    assert await act(visitor, Act.DELETES) == 200
    assert written(far_side) == [(KNOWN, "and another thing")]  # what we have been told of; the rest follows


@ON_SQLITE
async def test_an_outage_is_many_posts_and_among_them_what_is_more(visitor: Visitor, far_side: FarSide):
    assert await act(visitor, Act.OUTAGE) == 200
    crowd = [("fell_0", "are you down?"), ("tarn_1", "are you down?"), ("fell_2", "are you down?")]
    assert written(far_side) == [*crowd, ("sam", "I cut my hand")]


@ON_SQLITE
async def test_a_model_that_is_unplugged_is_not_asked_and_the_draft_says_so(world: CaseWorld):
    async def never(*_: object, **__: object) -> Written:
        raise AssertionError("it is unplugged")

    desk = replace(world.service.desk, model=never, panel=PanelWriters(never, never))
    desk = Plugs(model=False).over(desk, Outages(lambda: world.now))
    world.service = replace(world.service, desk=desk)
    draft = await world.drafted("Where is my jacket?")
    assert (draft.outcome, draft.written_by) == ("draft", "composer")
    assert "model: the demo's guide has unplugged it" in draft.record["notes"]


@ON_SQLITE
async def test_a_shop_that_is_unplugged_is_told_of_and_not_spoken_of(
    visitor: Visitor, far_side: FarSide, world: CaseWorld
):
    outages = Outages(lambda: world.now)
    world.service = replace(world.service, desk=far_side.plugs.over(world.service.desk, outages))
    assert await act(visitor, Act.SHOP_OUT) == 200
    draft = await world.drafted("Where is my jacket?")
    assert "P-1" not in (draft.private_text or "")
    assert [outage.port for outage in outages.standing] == ["orders"]
    assert await act(visitor, Act.SHOP_BACK) == 200
    await world.drafted("Hello? Where is my jacket?")
    assert outages.standing == ()


@ON_SQLITE
@pytest.mark.usefixtures("far_side")
async def test_who_goes_on_as_the_supervisor_leaves_the_printed_links_as_they_are(visitor: Visitor, world: CaseWorld):
    people = await demo_people(world.engine, world.now)
    answer = await visitor.http.post("/demo/supervisor", json={})
    links = [link.partition("#")[2] for _, link in people] + [answer.text.partition("#")[2]]
    async with writing(world.engine) as session:
        used = [await use_link(session, link, local=True, now=world.now) for link in links]
    assert [one.role for one in used] == [*Role, Role.SUPERVISOR]


def test_whom_the_script_speaks_of_has_written_to_that_brand():
    folder = SHIPPED_KNOWLEDGE / "demo"
    script = yaml.safe_load((folder / "guide.yaml").read_text(encoding="utf-8"))
    inbox = [yaml.safe_load(line) for line in (folder / "inbox.jsonl").read_text(encoding="utf-8").splitlines()]
    writers = {(thread["brand"], post["author"]) for thread in inbox for post in thread["posts"]}
    assert {(one["brand"], one["author"]) for one in script["cases"].values()} <= writers
    assert {said["case"] for said in script["says"].values()} <= script["cases"].keys()
