import re

from server.staff.links import address_of
from tests.integration.staff.conftest import ON_SQLITE, Site

pytestmark = ON_SQLITE


async def test_a_link_leads_to_a_page_that_runs_its_own_script_and_nothing_else(site: Site):
    link = address_of("http://127.0.0.1:8000", await site.link(await site.add()))
    answer = await (await site.browser()).http.get(link)
    assert answer.status_code == 200
    scripts = re.findall(r"<script[^>]*>", answer.text)
    assert len(scripts) == 1
    assert re.fullmatch(r'<script type="module" src="/assets/\w+/sign_in\.js">', scripts[0])
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_looking_at_the_link_does_not_use_it_up(site: Site):
    secret = await site.link(await site.add())
    browser = await site.browser()
    for _ in range(2):
        request = browser.http.build_request("GET", address_of("http://127.0.0.1:8000", secret))
        assert secret not in request.url.raw_path.decode()
        await browser.http.send(request)
    assert (await browser.post("/sign-in/link", {"link": secret})).status_code == 200


async def test_a_browser_that_was_told_no_page_begins_at_the_one_to_sign_in_on(site: Site):
    answer = await (await site.browser()).http.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
