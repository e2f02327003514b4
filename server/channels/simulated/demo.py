"""The demo's inbox, as posts on the simulated network."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from server.channels.simulated.repository import NetworkPosts
from server.models import AccountRow
from server.policies.yaml_files import read_yaml_file
from server.shop.invented.days import days_until, renamed
from server.shop.invented.world import NOW

# What the file tells of two days comes in over one morning.
_FASTER = 8


def post_inbox(file: Path, inbox: Path, accounts: Iterable[AccountRow], *, now: datetime = NOW) -> int:
    """Have the people of the inbox post to these accounts, unless anybody has posted to the network before.

    Args:
        file: Where the network keeps its posts.
        inbox: JSON lines as `deskside draft --input` takes them; `days.yaml` beside it says which words name days.
        accounts: Who is on the network. Threads to anybody else are left out.
        now: The end of the morning on which they post; days that they name are those of the demo shop of this moment.

    Returns:
        How many posts there are now.
    """
    handles = {(account.brand, account.channel): account.handle for account in accounts}
    calendar = _Calendar.read(inbox.with_name("days.yaml"), now)
    posts = NetworkPosts(file)
    try:
        if not posts.everything():
            threads = [from_json(line) for line in inbox.read_text(encoding="utf-8").splitlines()]
            for thread in threads:
                network = thread.get("channel", "x")
                handle = handles.get((thread.get("brand"), network))
                if handle is not None:
                    _post(posts, network, handle, [calendar.moved(thread, told) for told in thread["posts"]])
        return len(posts.everything())
    finally:
        posts.close()


@dataclass(frozen=True, slots=True)
class _Calendar:
    """What days are called in which thread, and the moment that everything is moved to."""

    now: datetime
    names: Mapping[str, Sequence[tuple[str, date]]]

    @classmethod
    def read(cls, file: Path, now: datetime) -> "_Calendar":
        source = read_yaml_file(file)
        names: dict[str, list[tuple[str, date]]] = {}
        for one in source.data["days"] if source is not None else ():
            names.setdefault(one["in"], []).append((one["says"], one["day"]))
        return cls(now, names)

    def moved(self, thread: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
        posted = datetime.fromisoformat(told["created_at"])
        at = self.now - (NOW - posted) / _FASTER
        text = told["text"]
        for says, day in self.names.get(thread["id"], ()):
            there = at.date() if day == posted.date() else day + days_until(self.now)
            text = text.replace(says, renamed(says, there, thread["language"]))
        return {**told, "created_at": at, "text": text}


def _post(posts: NetworkPosts, network: str, account: str, thread: Sequence[Mapping[str, Any]]) -> None:
    answered: int | None = None
    for told in thread:
        moment = told["created_at"].timestamp()
        ours = told["role"] == "brand"
        post = {
            "network": network,
            "account": account,
            "author": account if ours else told["author"],
            "by_account": ours,
            "text": told["text"],
            "in_reply_to": answered,
            "attachments": told.get("attachments", []),
            "created_at": moment,
        }
        answered = posts.add(post, now=moment, visible_at=moment)["id"]
