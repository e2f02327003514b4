import asyncio
import json
from datetime import UTC, datetime

import pytest

from retrieval.lock import FolderLock
from server.db import open_database
from server.policies.calendar import Calendar
from server.policies.seeding import seed_documents


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder of documents alone, as other companies have them, and a home of its own."""
    monkeypatch.setenv("DESKSIDE_HOME", str(tmp_path / "home"))
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, title, text in (
        ("returns", "Returns", "You can send unused items back within 45 days of delivery."),
        ("gift-cards", "Gift cards", "A gift card never expires and works in every store."),
        ("repairs", "Repairs", "Torn seams of tents and jackets are repaired within three weeks."),
    ):
        (folder / f"{name}.md").write_text(f"---\ntitle: {title}\n---\n# {title}\n\n{text}\n", encoding="utf-8")
    return folder


def test_index_embeds_only_what_changed(deskside, shelf):
    first = json.loads(deskside("knowledge", "index", "--knowledge", str(shelf), "--json").out)
    assert first == {"written": 3, "removed": 0, "documents": 3, "passages": 3}
    (shelf / "repairs.md").unlink()
    second = json.loads(deskside("knowledge", "index", "--knowledge", str(shelf), "--json").out)
    assert second == {"written": 0, "removed": 1, "documents": 2, "passages": 2}


def test_search_shows_what_was_found_and_why(deskside, shelf):
    done = deskside(
        "knowledge", "search", "how long do I have to send it back", "--knowledge", str(shelf), "--limit", "2", "--json"
    )
    best, second = json.loads(done.out)
    assert best["document"] == "returns"
    assert best["passage"] == "returns#top"
    assert 0 <= second["relevance"] <= best["relevance"] <= 1
    assert best["scores"].keys() == {"total", "dense", "title", "lexical"}


def test_a_person_reads_what_was_found_how_well_it_fits_and_when_it_holds(deskside):
    question = ("knowledge", "search", "how long do I have to return unused items", "--brand", "pine")
    (found,) = json.loads(deskside(*question, "--on", "2026-11-20", "--json").out)
    assert found["relevance"] >= 0.75
    title, how, *text = deskside(*question, "--on", "2026-11-20").out.splitlines()
    assert title == "Returns › Time"
    assert how == "  fits well · for everyone · pine · from 1 January 2026"
    assert "45 days of delivery" in " ".join(text)


def test_what_is_too_little_for_a_draft_is_called_weak_and_no_figures_are_shown(deskside, shelf):
    shown = deskside("knowledge", "search", "who won the match last night", "--knowledge", str(shelf)).out
    assert shown.count("weak, too little for a draft") == 3
    assert "fits" not in shown
    for word in ("passage", "score", "dense", "lexical", "0."):
        assert word not in shown
    assert deskside("knowledge", "search", "returns", "--brand", "other").out == "No document was found.\n"


def test_the_company_s_documents_are_found_in_another_language(deskside):
    done = deskside("knowledge", "search", "Wie lange kann ich etwas zurückgeben?", "--brand", "pine", "--json")
    assert json.loads(done.out)[0]["document"] == "returns"
    assert json.loads(deskside("knowledge", "search", "returns", "--brand", "other", "--json").out) == []


def test_a_held_index_is_said_in_one_line(deskside, shelf, tmp_path):
    lock = FolderLock(tmp_path / "home" / "index")
    done = deskside("knowledge", "index", "--knowledge", str(shelf))
    lock.release()
    assert done.code == 1
    assert "is held by process" in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_check_ends_with_1_on_an_error_and_names_file_and_line(deskside, shelf):
    (shelf / "returns.md").write_text("---\ntitle: Returns\n---\nYou have {{days}} days.\n", encoding="utf-8")
    done = deskside("knowledge", "check", "--knowledge", str(shelf))
    assert done.code == 1
    assert f"{shelf / 'returns.md'}:4: error: " in done.out
    assert "error" in deskside("knowledge", "check", "--knowledge", str(shelf), "--json").out


def test_export_writes_the_files_back_and_never_over_others(deskside, shelf, tmp_path):
    assert deskside("knowledge", "export", str(tmp_path / "out"), "--knowledge", str(shelf)).code == 0
    assert (tmp_path / "out" / "repairs.md").read_bytes() == (shelf / "repairs.md").read_bytes()
    again = deskside("knowledge", "export", str(tmp_path / "out"), "--knowledge", str(shelf))
    assert again.code == 1
    assert "not an empty folder" in again.err


def test_without_a_folder_the_databases_documents_are_written_back(deskside, shelf, tmp_path, monkeypatch):
    monkeypatch.setenv("DESKSIDE_KNOWLEDGE", str(shelf))
    asyncio.run(_seed(tmp_path / "home", shelf))
    said = (shelf / "repairs.md").read_bytes()
    (shelf / "repairs.md").unlink()
    assert deskside("knowledge", "export", str(tmp_path / "out")).code == 0
    assert (tmp_path / "out" / "policies" / "repairs.md").read_bytes() == said


def test_a_folder_that_is_not_there_is_a_wrong_call(deskside):
    assert deskside("knowledge", "index", "--knowledge", "/no/such/folder").code == 2


async def _seed(home, folder):
    engine = await open_database(home / "deskside.db")
    await seed_documents(engine, folder, Calendar(), datetime.now(UTC))
    await engine.dispose()


def _questions(folder, *rows):
    file = folder / "questions.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return str(file)


def test_eval_retrieval_reports_how_well_documents_are_found(deskside, shelf, tmp_path):
    queries = _questions(
        tmp_path,
        {"id": "1", "query": "can I still send it back after a month", "gold": ["returns"], "match": "any"},
        {"id": "2", "query": "gift card expired? and torn seam", "gold": ["gift-cards", "repairs"]},
    )
    (tmp_path / "off").mkdir()
    off_topic = _questions(tmp_path / "off", {"id": "3", "query": "who won the match last night", "gold": ["x"]})
    arguments = ("eval", "retrieval", "--docs", str(shelf), "--queries", queries, "--negatives", off_topic, "--json")
    report = json.loads(deskside(*arguments).out)
    assert report["queries"] == 2
    assert report["recall@1"] == pytest.approx(0.75)
    assert report["recall@5"] == report["recall@10"] == report["ndcg@10"] == report["mrr@10"] == 1
    assert report["abstention_auroc"] == 1
    assert report["latency_ms"].keys() == {"p50", "p95"}
    assert report["setup"]["documents"] == 3


def test_eval_retrieval_names_the_line_it_cannot_read(deskside, shelf, tmp_path):
    queries = _questions(tmp_path, {"id": "1", "query": "x", "gold": ["returns"]}, {"id": "2"})
    done = deskside("eval", "retrieval", "--docs", str(shelf), "--queries", queries)
    assert done.code == 1
    assert f"{queries}:2:" in done.err


def test_eval_drafts_names_the_line_without_a_good_answer(deskside, tmp_path):
    inbox = _questions(tmp_path, {"id": "1", "posts": []})
    done = deskside("eval", "drafts", "--input", inbox)
    assert (done.code, done.out) == (1, "")
    assert f"{inbox}:1: expected a thread with what a good answer is" in done.err
