"""What the simulated network remembers, in an SQLite file of its own."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic_core import from_json, to_json

from server.channels.simulated.behaviour import Behaviour, Fault

_TABLES = """
CREATE TABLE IF NOT EXISTS posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT, network TEXT NOT NULL, account TEXT NOT NULL, thread INTEGER,
    in_reply_to INTEGER, author TEXT NOT NULL, by_account INTEGER NOT NULL, private_to TEXT, text TEXT NOT NULL,
    reach INTEGER, attachments TEXT NOT NULL, key TEXT, created_at REAL NOT NULL, visible_at REAL NOT NULL,
    edited_at REAL, deleted_at REAL);
CREATE INDEX IF NOT EXISTS posts_by_answered ON posts (in_reply_to);
CREATE INDEX IF NOT EXISTS posts_by_key ON posts (network, account, key);
CREATE TABLE IF NOT EXISTS updates (
    id INTEGER PRIMARY KEY AUTOINCREMENT, network TEXT NOT NULL, account TEXT NOT NULL, post INTEGER NOT NULL,
    happened TEXT NOT NULL, text TEXT NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS updates_of_account ON updates (network, account, id);
CREATE TABLE IF NOT EXISTS behaviour (id INTEGER PRIMARY KEY CHECK (id = 1), settings TEXT NOT NULL);
"""


class NetworkPosts:
    """Posts and what happened to them; several processes may share the file."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._database = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=10)
        self._database.row_factory = sqlite3.Row
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.executescript(_TABLES)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def behaviour(self) -> Behaviour:
        """How the network behaves now."""
        found = self._one("SELECT settings FROM behaviour")
        return Behaviour() if found is None else Behaviour.model_validate_json(found["settings"])

    def behave(self, behaviour: Behaviour) -> None:
        """Behave so from now on."""
        with self._writing():
            self._put(behaviour)

    def next_fault(self) -> tuple[bool, Fault | None]:
        """Whether one was laid down for this post, and which; it is used up."""
        with self._writing():
            behaviour = self.behaviour()
            if not behaviour.next:
                return False, None
            fault, *rest = behaviour.next
            self._put(behaviour.model_copy(update={"next": rest}))
            return True, fault

    def add(self, post: Mapping[str, Any], *, now: float, visible_at: float) -> dict[str, Any]:
        """A new post; the first of a thread when it answers none."""
        with self._writing():
            answered = self.find(post["in_reply_to"]) if post.get("in_reply_to") else None
            cursor = self._database.execute(
                "INSERT INTO posts (network, account, in_reply_to, author, by_account, private_to, text, reach,"
                " attachments, key, created_at, visible_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    post["network"],
                    post["account"],
                    post.get("in_reply_to"),
                    post["author"],
                    post["by_account"],
                    post.get("private_to"),
                    post["text"],
                    post.get("reach"),
                    to_json(post.get("attachments", [])).decode(),
                    post.get("key"),
                    post.get("created_at", now),
                    visible_at,
                ),
            )
            new = cursor.lastrowid
            thread = answered["thread"] if answered else new
            self._database.execute("UPDATE posts SET thread = ? WHERE id = ?", (thread, new))
            self._tell(new, "posted", now)
        return self._get(new)

    def change(self, post: int, *, now: float, text: str | None) -> dict[str, Any] | None:
        """Edit a post, or delete it where there is no text; None if it is gone already."""
        with self._writing():
            found = self.find(post)
            if found is None or found["deleted_at"] is not None:
                return None
            if text is None:
                self._database.execute("UPDATE posts SET deleted_at = ?, text = '' WHERE id = ?", (now, post))
            else:
                self._database.execute("UPDATE posts SET edited_at = ?, text = ? WHERE id = ?", (now, text, post))
            self._tell(post, "deleted" if text is None else "edited", now)
        return self._get(post)

    def find(self, post: int) -> dict[str, Any] | None:
        """The post of this id, deleted or not."""
        return _post(self._one("SELECT * FROM posts WHERE id = ?", post))

    def by_key(self, network: str, account: str, key: str) -> dict[str, Any] | None:
        """The account's post that came with this key."""
        query = "SELECT * FROM posts WHERE network = ? AND account = ? AND key = ?"
        return _post(self._one(query, network, account, key))

    def sent(self, network: str, account: str, *, in_reply_to: int, since: float, now: float) -> list[dict[str, Any]]:
        """What the account has answered to a post since then, as far as it can be found now."""
        query = (
            "SELECT * FROM posts WHERE in_reply_to = ? AND network = ? AND account = ? AND by_account"
            " AND created_at >= ? AND visible_at <= ? AND deleted_at IS NULL ORDER BY id LIMIT 200"
        )
        rows = self._all(query, in_reply_to, network, account, since, now)
        return [post for row in rows if (post := _post(row)) is not None]

    def everything(self) -> list[dict[str, Any]]:
        """Every post there is, the deleted ones too."""
        return [post for row in self._all("SELECT * FROM posts ORDER BY id") if (post := _post(row)) is not None]

    def updates(self, network: str, account: str, *, after: int, limit: int) -> list[dict[str, Any]]:
        """What has happened to posts to the account, and by it, after this update."""
        query = (
            "SELECT posts.*, updates.id AS number, updates.happened, updates.text AS told, updates.at FROM updates"
            " JOIN posts ON posts.id = updates.post WHERE updates.network = ? AND updates.account = ?"
            " AND updates.id > ? ORDER BY updates.id LIMIT ?"
        )
        rows = self._all(query, network, account, after, limit)
        return [post for row in rows if (post := _post(row)) is not None]

    def _get(self, post: int | None) -> dict[str, Any]:
        found = self.find(post) if post is not None else None
        if found is None:
            raise LookupError(f"post {post} has just been written and is not there")
        return found

    def _tell(self, post: int | None, happened: str, now: float) -> None:
        self._database.execute(
            "INSERT INTO updates (network, account, post, happened, text, at)"
            " SELECT network, account, id, ?, text, ? FROM posts WHERE id = ?",
            (happened, now, post),
        )

    def _put(self, behaviour: Behaviour) -> None:
        self._database.execute("INSERT OR REPLACE INTO behaviour VALUES (1, ?)", (behaviour.model_dump_json(),))

    def _one(self, query: str, *values: Any) -> sqlite3.Row | None:  # noqa: ANN401 - what SQLite takes
        found: sqlite3.Row | None = self._database.execute(query, values).fetchone()
        return found

    def _all(self, query: str, *values: Any) -> list[sqlite3.Row]:  # noqa: ANN401 - what SQLite takes
        return self._database.execute(query, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction, alone with the file; nothing in it may wait for anything else."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def _post(row: sqlite3.Row | None) -> dict[str, Any] | None:
    return None if row is None else {**dict(row), "attachments": from_json(row["attachments"])}
