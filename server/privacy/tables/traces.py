"""What names records within a structure: looked through value by value (server/privacy/traces.py)."""

from server.privacy.holdings import Fate, Table, columns_of

TRACES: dict[str, Table] = {
    "events": Table(
        Fate.EMPTIED,
        columns_of(kept="id position brand kind subject at", staff="caller token", words="data"),
        why="it says that something happened, by ids; the customer's becomes a digest",
    ),
    "jobs": Table(
        Fate.DELETED,
        columns_of(
            kept="id kind key brand lane priority state run_after leased_until worker fence attempts error created_at"
            " finished_at",
            words="payload",
        ),
    ),
    "answered_requests": Table(Fate.DELETED, columns_of(kept="key request status at", staff="caller", words="body")),
}
