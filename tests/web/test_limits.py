from contextlib import AsyncExitStack
from dataclasses import replace

import httpx
import pytest

from server.settings import Settings
from server.staff.roles import Permission
from tests.web.conftest import client

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path / "home", caller_rate=0.5, address_rate=0.25, webhook_rate=1)


async def status_of(http: httpx.AsyncClient, path: str = "/nothing") -> int:
    return (await http.get(path)).status_code


async def test_each_caller_has_a_pace_of_their_own(app):
    async with client(app, "ada") as ada, client(app, "ben") as ben:
        assert [await status_of(ada) for _ in range(3)] == [404, 404, 429]
        assert await status_of(ben) == 404
        answer = await ada.get("/nothing")
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.json()["code"] == "asked_too_often"


async def test_an_address_without_a_caller_has_one_and_its_neighbours_another(app):
    async with AsyncExitStack() as stack:
        one, two, six, seven = [
            await stack.enter_async_context(client(app, address=address))
            for address in ("203.0.113.1", "203.0.113.2", "2001:db8::1", "2001:db8::2")
        ]
        assert [await status_of(one) for _ in range(2)] == [404, 429]
        assert await status_of(two) == 404
        assert await status_of(six) == 404
        assert await status_of(seven) == 429  # the same customer of a provider
        assert await status_of(one, "/webhooks/x") == 404  # paced apart


async def test_whoever_runs_it_is_never_refused(app):
    class Fine:
        ready = True

        def parts(self) -> dict[str, str]:
            return {"database": "ok"}

        def without(self) -> list[str]:
            return ["orders unreachable since 14:03 UTC"]

    app.state.running = Fine()
    async with client(app) as nobody:
        for _ in range(5):
            assert (await nobody.get("http://any.example/healthz")).json() == {"status": "ok"}
            told = (await nobody.get("http://any.example/readyz")).json()
            assert told["ready"] is True
            assert told["without"] == ["orders unreachable since 14:03 UTC"]


async def test_a_process_that_cannot_work_says_what_it_lacks(app):
    class Broken:
        ready = False

        def parts(self) -> dict[str, str]:
            return {"database": "does not answer", "index": "ok"}

        def without(self) -> list[str]:
            return []

    app.state.running = Broken()
    async with client(app) as nobody:
        answer = await nobody.get("http://127.0.0.1/readyz")
    assert (answer.status_code, answer.json()["parts"]["database"]) == (503, "does not answer")


async def test_figures_are_for_this_machine_and_for_who_may_read_them(app, callers):
    callers["ben"] = replace(callers["ben"], permissions=frozenset({Permission.READ_CASES}))
    where = "http://127.0.0.1/metrics"
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        here = await enter(client(app, address="127.0.0.1"))
        assert "deskside_drafts" in (await here.get(where)).text
        assert (await here.get(where, headers={"X-Forwarded-For": "203.0.113.9"})).status_code == 401
        assert (await (await enter(client(app))).get(where)).status_code == 401
        assert (await (await enter(client(app, "ben"))).get(where)).status_code == 403
        assert (await (await enter(client(app, "ada"))).get(where)).status_code == 200
