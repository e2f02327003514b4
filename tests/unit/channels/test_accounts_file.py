"""The accounts that are shipped, and what may stand in such a file."""

import pytest
from pydantic import ValidationError

from server.channels.accounts import AccountEntry, load_accounts
from server.policies.files import load_guidance
from server.settings import SHIPPED_KNOWLEDGE

ENTRY = {"id": "fernhollow-x", "brand": "fernhollow", "channel": "X", "adapter": "webhook", "handle": "FernhollowHelp"}


def test_every_account_of_every_shipped_brand_is_there_once():
    accounts = load_accounts(SHIPPED_KNOWLEDGE)
    named = {
        (brand.id, channel, handle)
        for brand in load_guidance(SHIPPED_KNOWLEDGE).brands
        for channel, handle in brand.accounts.items()
    }
    assert {(entry.brand, entry.channel, entry.handle) for entry in accounts} == named
    assert len(accounts) == len(named)


def test_a_folder_without_the_file_has_no_accounts(tmp_path):
    assert load_accounts(tmp_path) == ()


def test_a_channel_is_known_in_small_letters():
    assert AccountEntry.model_validate(ENTRY).channel == "x"


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "Fernhollow X"},
        {"id": "../x"},
        {"adapter": "telex"},
        {"settings": {"url": "file:///etc/passwd"}},
        {"settings": {"url": "https://user:secret@helpdesk.example"}},
        {"settings": {"url": 7}},
        {"hours": {"time_zone": "Mars"}},
        {"password": "secret"},
    ],
)
def test_an_account_that_cannot_work_is_refused(wrong):
    with pytest.raises(ValidationError):
        AccountEntry.model_validate({**ENTRY, **wrong})
