from pathlib import Path

from server.staff.roles import ONLY_PEOPLE, PERMISSIONS, Permission, Role

DOCS = Path(__file__).resolve().parents[3] / "docs" / "staff.md"


def _table() -> str:
    head = ["| permission | " + " | ".join(Role) + " | machine |", "| --- " * (len(Role) + 2) + "|"]
    rows = []
    for permission in Permission:
        cells = ["yes" if permission in PERMISSIONS[role] else "" for role in Role]
        cells.append("" if permission in ONLY_PEOPLE else "by scope")
        rows.append(f"| `{permission}` | " + " | ".join(cells) + " |")
    return "\n".join(head + rows)


def test_the_table_in_the_docs_is_the_one_that_holds():
    assert _table() in DOCS.read_text(encoding="utf-8"), f"docs/staff.md should hold:\n{_table()}"
