"""`deskside channels`: where an account may lead."""

import json

import pytest

from tests.integration.commands.conftest import Run

ADD = ("channels", "add", "--brand", "pine", "--channel", "x", "--adapter", "webhook", "--handle", "PineHelp", "--json")


def test_an_account_inside_our_network_is_added_when_the_machine_is_listed(
    deskside: Run, monkeypatch: pytest.MonkeyPatch
):
    inside = (*ADD, "pine-inside", "--url", "http://127.0.0.1:8090/in")
    refused = deskside(*inside)
    assert refused.code != 0
    assert "DESKSIDE_PRIVATE_HOSTS" in refused.err
    assert "Traceback" not in refused.err
    monkeypatch.setenv("DESKSIDE_PRIVATE_HOSTS", "127.0.0.1:8090")
    added = deskside(*inside)
    assert added.code == 0, added.err
    assert json.loads(added.out)["id"] == "pine-inside"
    assert "accounts    1 on 1 channels" in deskside("doctor").out
    monkeypatch.delenv("DESKSIDE_PRIVATE_HOSTS")
    looked = deskside("doctor").out
    assert "no text is sent to pine-inside" in looked
    assert "DESKSIDE_PRIVATE_HOSTS" in looked
    assert deskside("channels", "remove", "pine-inside").code == 0
