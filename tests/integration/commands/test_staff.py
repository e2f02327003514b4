"""`deskside staff`, each test in a home of its own; the brand of the small world is pine."""

import json
from pathlib import Path

import pytest

from tests.integration.commands.conftest import Run

ROBIN = ("staff", "add", "Robin@pine.example", "--name", "Robin Vale", "--role", "rep")


@pytest.fixture
def staff(deskside: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("DESKSIDE_HOME", str(tmp_path / "home"))
    return deskside


def test_somebody_is_added_and_the_link_alone_is_printed(staff: Run):
    done = staff(*ROBIN)
    assert (done.code, done.err) == (0, "Robin Vale (rep; pine) was added\n")
    assert done.out.startswith("http://127.0.0.1:8000/sign-in#dsk_")
    listed = staff("staff", "list").out
    assert listed == "robin@pine.example\tRobin Vale\trep\tpine\ten\tno password\n"


def test_a_password_is_read_and_never_an_argument(staff: Run):
    done = staff(*ROBIN, "--password", "--json", given="four words nobody guesses\n")
    person = json.loads(done.out)
    assert (done.code, person["has_password"], "link" in person) == (0, True, False)
    assert staff(*ROBIN, "--password", "four words nobody guesses").code == 2


def test_a_weak_password_adds_nobody(staff: Run):
    done = staff(*ROBIN, "--password", given="short\n")
    assert done.code == 1
    assert "12 to 256 characters" in done.err
    assert json.loads(staff("staff", "list", "--json").out) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (("--role", "owner"), "drafts-only, rep, social, supervisor, admin"),
        (("--brand", "oak"), "pine"),
    ],
)
def test_what_there_is_not_is_a_wrong_call_that_lists_what_there_is(staff: Run, wrong: tuple[str, str], words: str):
    done = staff(*ROBIN, *wrong)
    assert done.code == 2
    assert words in " ".join(done.err.replace("│", " ").split())


def test_an_email_that_is_taken_is_refused_in_a_line(staff: Run):
    staff(*ROBIN)
    done = staff(*ROBIN)
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)


def test_a_persons_token_is_printed_alone(staff: Run):
    staff(*ROBIN)
    done = staff("staff", "token", "nightly report", "--person", "robin@pine.example", "--scope", "cases:read")
    assert (done.code, done.out.count("\n")) == (0, 1)
    assert done.out.startswith("dsk_")
    assert "shown this once" in done.err


def test_a_machines_token_is_for_brands_and_never_for_approving(staff: Run):
    machine = ("staff", "token", "helpdesk", "--brand", "pine", "--scope")
    made = json.loads(staff(*machine, "cases:read", "--json").out)
    assert (made["kind"], made["brands"], made["scopes"]) == ("machine", ["pine"], ["cases:read"])
    refused = staff(*machine, "drafts:approve")
    assert (refused.code, refused.out) == (1, "")
    assert "only people" in refused.err
    assert staff("staff", "token", "helpdesk").code == 2


def test_who_is_disabled_gets_no_token_and_no_link_until_enabled(staff: Run):
    staff(*ROBIN)
    assert staff("staff", "disable", "robin@pine.example").code == 0
    assert "disabled" in staff("staff", "list").out
    assert staff("staff", "token", "mine", "--person", "robin@pine.example").code == 1
    assert staff("staff", "link", "robin@pine.example").code == 1
    assert staff("staff", "enable", "robin@pine.example").code == 0
    assert staff("staff", "link", "robin@pine.example").out.startswith("http://127.0.0.1:8000/sign-in#")


def test_the_last_admin_stays(staff: Run):
    staff("staff", "add", "ada@pine.example", "--name", "Ada Quill", "--role", "admin")
    done = staff("staff", "disable", "ada@pine.example")
    assert done.code == 1
    assert "last admin of pine" in done.err


def test_nobody_is_told_in_a_line(staff: Run):
    done = staff("staff", "disable", "nobody@pine.example")
    assert (done.code, done.err.count("\n")) == (1, 1)
