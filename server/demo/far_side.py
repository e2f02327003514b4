"""What happens out there when the guide says so: on the simulated network people write, delete, write in crowds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
from sqlmodel.ext.asyncio.session import AsyncSession

from server.channels.polling import start_polling
from server.channels.repository import find_account, list_accounts
from server.channels.simulated.inside import network_in
from server.db import reading, writing
from server.demo import repository
from server.demo.plugs import Plugs
from server.errors import NotFound
from server.models import AccountRow, CaseRow
from server.policies.yaml_files import read_yaml_file
from server.service import Service
from server.staff.roles import Caller

_NETWORK = "http://simulated.network"
_CHANNEL = "x"


class Act(StrEnum):
    """Something that the far side does."""

    AGAIN = "again"
    DELETES = "deletes"
    ASKS = "asks"
    OUTAGE = "outage"
    SHOP_OUT = "shop_out"
    SHOP_BACK = "shop_back"
    MODEL_OUT = "model_out"
    MODEL_BACK = "model_back"


class NotThere(NotFound):
    """Whoever the guide speaks of has written nothing, or nothing that is still there."""

    def __init__(self) -> None:
        super().__init__("they have nothing here yet: the inbox may still be filling, or their posts are deleted")


@dataclass(frozen=True, slots=True)
class FarSide:
    """The people of the demo, and the plugs of what Deskside asks.

    Args:
        home: Where the simulated network keeps its posts.
        script: Who the guide speaks of, and what they say (knowledge/demo/guide.yaml).
        plugs: What can be unplugged.
    """

    home: Path
    script: Mapping[str, Any]
    plugs: Plugs

    @classmethod
    def of(cls, home: Path, script: Path) -> "FarSide":
        """As this file has it, with everything plugged in."""
        source = read_yaml_file(script)
        if source is None:
            raise FileNotFoundError(f"the demo's guide needs {script}")
        return cls(home, source.data, Plugs())

    async def case(self, session: AsyncSession, caller: Caller, name: str) -> CaseRow:
        """The newest case of whom the guide calls so.

        Raises:
            NotThere: They have none that the caller sees.
        """
        meant = self.script["cases"].get(name)
        found = meant and await repository.newest_case(session, meant["author"], caller.brands & {meant["brand"]})
        if not found:
            raise NotThere
        return found

    async def act(self, act: Act, service: Service, caller: Caller) -> None:
        """Do it; what follows in Deskside follows as it always does.

        Raises:
            NotThere: Whoever is to act has nothing here.
        """
        match act:
            case Act.SHOP_OUT | Act.SHOP_BACK:
                self.plugs.shop = act is Act.SHOP_BACK
            case Act.MODEL_OUT | Act.MODEL_BACK:
                self.plugs.model = act is Act.MODEL_BACK
            case Act.AGAIN | Act.ASKS:
                await self._say(act, service, caller)
            case Act.DELETES:
                await self._delete(service, caller)
            case Act.OUTAGE:
                await self._break_down(service)

    async def _say(self, act: Act, service: Service, caller: Caller) -> None:
        said = self.script["says"][act]
        async with reading(service.engine) as session:
            case = await self.case(session, caller, said["case"])
            posts = await repository.posts_of(session, case)
            account = await find_account(session, case.account)
        if account is None or not posts:
            raise NotThere
        body = {"text": said["text"], "in_reply_to": int(posts[-1].network_id)}
        async with self._network() as network:
            (await network.post(_posts_of(account, case.author), json=body)).raise_for_status()
        await _look_now(service, account)

    async def _delete(self, service: Service, caller: Caller) -> None:
        async with reading(service.engine) as session:
            case = await self.case(session, caller, "writer")
            posts = await repository.posts_of(session, case)
            account = await find_account(session, case.account)
        if account is None or not posts:
            raise NotThere
        async with self._network() as network:
            for post in posts:
                await network.delete(f"/people/posts/{post.network_id}")
        await _look_now(service, account)

    async def _break_down(self, service: Service) -> None:
        """Many write the same within a moment, and among them a few who hold something else as well."""
        told = self.script["outage"]
        async with reading(service.engine) as session:
            accounts = await list_accounts(session, brands={told["brand"]})
        account = next((one for one in accounts if one.channel == _CHANNEL), None)
        if account is None:
            raise NotThere
        crowd = [
            (f"{name}_{number}", text)
            for number, name, text in zip(
                range(told["people"]), cycle(told["names"]), cycle(told["texts"]), strict=False
            )
        ]
        others = [(one["author"], one["text"]) for one in told["others"]]
        async with self._network() as network:
            for author, text in (*crowd[:20], *others, *crowd[20:]):
                (await network.post(_posts_of(account, author), json={"text": text})).raise_for_status()
        await _look_now(service, account)

    def _network(self) -> httpx.AsyncClient:
        """The side of the network on which people are."""
        return httpx.AsyncClient(transport=httpx.ASGITransport(network_in(self.home)), base_url=_NETWORK)


def _posts_of(account: AccountRow, author: str) -> str:
    return f"/people/{account.channel}/{quote(account.handle, safe='')}/{quote(author, safe='')}/posts"


async def _look_now(service: Service, account: AccountRow) -> None:
    """Have the account looked at without waiting until its turn comes."""
    async with writing(service.engine) as session:
        await start_polling(session, [account], service.clock())
    service.wake()
