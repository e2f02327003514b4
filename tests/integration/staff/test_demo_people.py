from server.staff.demo import demo_people
from server.staff.roles import Role
from tests.integration.staff.conftest import ELSEWHERE, Site


async def test_the_demo_has_one_person_per_role_who_come_in_here_and_once(site: Site):
    people = await demo_people(site.engine, site.clock.now)
    assert [person.role for person, _ in people] == list(Role)
    for person, link in people:
        secret = {"link": link.partition("#")[2]}
        assert (await (await site.browser(ELSEWHERE)).post("/sign-in/link", secret)).status_code == 403
        answer = await (await site.browser()).post("/sign-in/link", secret)
        assert (answer.json()["id"], answer.json()["brands"]) == (person.id, ["fernhollow", "tarnlight"])
        assert (await (await site.browser()).post("/sign-in/link", secret)).status_code == 401


async def test_the_demo_made_again_has_the_same_people_and_new_links(site: Site):
    first = await demo_people(site.engine, site.clock.now)
    second = await demo_people(site.engine, site.clock.now)
    assert [person.id for person, _ in first] == [person.id for person, _ in second]
    browser = await site.browser()
    assert (await browser.post("/sign-in/link", {"link": first[0][1].partition("#")[2]})).status_code == 401
    assert (await browser.post("/sign-in/link", {"link": second[0][1].partition("#")[2]})).status_code == 200
