"""What makes the audit's rows ours: seals by a key that the database does not hold, each over the one before."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from server.models import AuditCutRow, AuditRow, EventRow
from server.secret import Secret
from server.settings import Settings

START = "0" * 64
"""What the first row of all stands behind."""

# Whose records they are is no business of a row that outlives them; who knows the id finds the rows by its digest.
_OF_CUSTOMERS = ("customer", "order")
# An event can be masked before it has its row: its digests must not be digested once more.
_MASKED = "masked"
_COVERED = ("number", "event", "at", "brand", "kind", "subject", "caller", "token", "facts", "before")


@dataclass(frozen=True, slots=True)
class Head:
    """How long the chain is: the number and the seal of its last row; `at` is when that was written down.

    `from_before`: it was sealed with an old secret.
    """

    number: int
    seal: str
    at: str
    from_before: bool = field(default=False, compare=False)


class Seals:
    """The installation's key of the audit.

    Args:
        key: What is written now is sealed with it.
        pseudonyms: The key of the digests that stand for customers and orders.
        older: Both keys of secrets that the installation had before.
    """

    def __init__(self, key: bytes, pseudonyms: bytes, *, older: tuple[tuple[bytes, bytes], ...] = ()) -> None:
        self._key, self._pseudonyms = key, pseudonyms
        self._keys = (key, *(older_key for older_key, _ in older))
        self._all_pseudonyms = (pseudonyms, *(older_pseudonyms for _, older_pseudonyms in older))

    @classmethod
    def of(cls, secret: Secret, *, older: tuple[Secret, ...] = ()) -> Self:
        """Those of an installation's secret."""
        keys = tuple((one.derive("audit"), one.derive("pseudonyms")) for one in older)
        return cls(secret.derive("audit"), secret.derive("pseudonyms"), older=keys)

    @classmethod
    def of_settings(cls, settings: Settings, *, old_secrets: Iterable[Path] = ()) -> Self:
        """Those of the secret that is set, or kept in the home; and of the old ones in the settings and these files."""
        named = (Secret.of_text(file.read_text(encoding="utf-8")) for file in old_secrets)
        return cls.of(Secret.of(settings), older=(*Secret.before(settings), *named))

    def pseudonym(self, of: str, value: str) -> str:
        """What stands for a customer's or an order's id: the same for the same, and nobody can tell for whom."""
        return _pseudonym(self._pseudonyms, of, value)

    def pseudonyms(self, of: str, value: str) -> set[str]:
        """The same, and what stood for it under older secrets."""
        return {_pseudonym(key, of, value) for key in self._all_pseudonyms}

    def mask(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """An event's facts with digests in the place of the customer and the order, marked as such."""
        if data.get(_MASKED):
            return dict(data)
        named = {name: value for name in _OF_CUSTOMERS if isinstance(value := data.get(name), str)}
        return {**data, **{name: self.pseudonym(name, value) for name, value in named.items()}, _MASKED: True}

    def next_row(self, event: EventRow, number: int, before: str) -> dict[str, Any]:
        """The row of an event, sealed, as the values of its columns."""
        told = self.mask(event.data)
        facts = {name: value for name, value in told.items() if name not in ("by", _MASKED) and value is not None}
        values = {
            "number": number,
            "event": event.position,
            "at": event.at,
            "brand": event.brand,
            "kind": event.kind,
            "subject": event.subject,
            "caller": event.caller,
            "token": event.token,
            "facts": facts,
            "before": before,
        }
        return values | {"seal": _sealed(self._key, _written(values))}

    def is_ours(self, row: AuditRow, *, number: int | None = None) -> bool:
        """Whether a row is as it was sealed; with `number`, sealed as the row of that number."""
        values = {name: getattr(row, name) for name in _COVERED} | ({} if number is None else {"number": number})
        written = _written(values)
        return self._fits(written, row.seal)

    def is_from_before(self, row: AuditRow) -> bool:
        """Whether a row that is ours was sealed with an old secret."""
        return not self._is_new(_written({name: getattr(row, name) for name in _COVERED}), row.seal)

    def cut(self, row: AuditRow, at: datetime) -> AuditCutRow:
        """The mark that everything up to and with this row was cut off by us."""
        written = _written_cut(row.number, row.seal, at)
        return AuditCutRow(number=row.number, last_seal=row.seal, at=at, seal=_sealed(self._key, written))

    def is_our_cut(self, cut: AuditCutRow) -> bool:
        """Whether the mark is ours."""
        return self._fits(_written_cut(cut.number, cut.last_seal, cut.at), cut.seal)

    def is_cut_from_before(self, cut: AuditCutRow) -> bool:
        """Whether a mark that is ours was sealed with an old secret."""
        return not self._is_new(_written_cut(cut.number, cut.last_seal, cut.at), cut.seal)

    def write_head(self, head: Head) -> str:
        """A head as a line that nobody else can write."""
        return json.dumps(
            {"number": head.number, "seal": head.seal, "at": head.at, "ours": _sealed(self._key, _written_head(head))}
        )

    def read_head(self, line: str) -> Head | None:
        """The head that a line tells; None if we have not written it."""
        try:
            told = json.loads(line)
            head = Head(int(told["number"]), str(told["seal"]), str(told["at"]))
            ours = str(told["ours"])
        except (ValueError, KeyError, TypeError):
            return None
        written = _written_head(head)
        return replace(head, from_before=not self._is_new(written, ours)) if self._fits(written, ours) else None

    def _is_new(self, written: bytes, seal: str) -> bool:
        return hmac.compare_digest(_sealed(self._key, written).encode(), seal.encode())

    def _fits(self, written: bytes, seal: str) -> bool:
        found = seal.encode()
        return any(hmac.compare_digest(_sealed(key, written).encode(), found) for key in self._keys)


def _pseudonym(key: bytes, of: str, value: str) -> str:
    return f"{of}-{hmac.digest(key, f'{of}:{value}'.encode(), 'sha256').hex()[:24]}"


def _sealed(key: bytes, written: bytes) -> str:
    return hmac.digest(key, written, hashlib.sha256).hex()


def _written(values: Mapping[str, Any]) -> bytes:
    told = [_moment(value) if isinstance(value := values[name], datetime) else value for name in _COVERED]
    return _as_bytes("row", *told)


def _written_cut(number: int, seal: str, at: datetime) -> bytes:
    return _as_bytes("cut", number, seal, _moment(at))


def _written_head(head: Head) -> bytes:
    return _as_bytes("head", head.number, head.seal, head.at)


def _as_bytes(*told: Any) -> bytes:  # noqa: ANN401 - JSON values have no narrower type
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
