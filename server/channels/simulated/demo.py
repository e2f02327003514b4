"""The demo's inbox, as posts on the simulated network."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from server.channels.simulated.repository import NetworkPosts
from server.models import AccountRow


def post_inbox(file: Path, inbox: Path, accounts: Iterable[AccountRow]) -> int:
    """Have the people of the inbox post to these accounts, unless anybody has posted to the network before.

    Args:
        file: Where the network keeps its posts.
        inbox: JSON lines as `deskside draft --input` takes them.
        accounts: Who is on the network. Threads to anybody else are left out.

    Returns:
        How many posts there are now.
    """
    handles = {(account.brand, account.channel): account.handle for account in accounts}
    posts = NetworkPosts(file)
    try:
        if not posts.everything():
            for line in inbox.read_text(encoding="utf-8").splitlines():
                thread = from_json(line)
                network = thread.get("channel", "x")
                handle = handles.get((thread.get("brand"), network))
                if handle is not None:
                    _post(posts, network, handle, thread["posts"])
        return len(posts.everything())
    finally:
        posts.close()


def _post(posts: NetworkPosts, network: str, account: str, thread: Sequence[Mapping[str, Any]]) -> None:
    answered: int | None = None
    for told in thread:
        moment = datetime.fromisoformat(told["created_at"]).timestamp()
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
