"""What came with a post: fetched by us, kept with us, shown by us."""

import asyncio
import stat

import pytest

from server.channels.attachments import fetch, fetch_with
from server.channels.fetching import FetchFailed, FetchRefused
from server.channels.protocol import Happened, IncomingAttachment
from server.jobs.claims import TRIES, Claimed
from server.models import AttachmentRow
from server.staff.roles import Role
from tests.integration.channels.conftest import incoming

JPEG = b"\xff\xd8\xff\xe0 a tent pole"
PICTURE = IncomingAttachment("image", "a tent pole", "https://media.example.com/1.jpg")


class Finds:
    """A fetcher that finds this, or fails so."""

    def __init__(self, found: bytes | Exception, meanwhile=None):
        self.found, self.meanwhile, self.asked = found, meanwhile, []

    async def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if self.meanwhile:
            await self.meanwhile()
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


async def came(channels, fetcher: Finds, *, attempts: int = 1) -> AttachmentRow:
    """A post with a picture has come in, and the picture was fetched so."""
    await channels.take(incoming("1", attachments=(PICTURE,)))
    for job in await channels.claim("fetch_attachment"):
        fields = {name: getattr(job, name) for name in job.__slots__}
        await fetch_with(channels.service, Claimed(**{**fields, "attempts": attempts}), fetcher)
    (row,) = await channels.all(AttachmentRow)
    return row


async def test_the_bytes_are_kept_with_us_for_our_eyes(channels):
    row = await came(channels, Finds(JPEG))
    assert (row.state, row.media_type, row.size) == ("kept", "image/jpeg", len(JPEG))
    file = channels.service.settings.attachments / row.file
    assert file.read_bytes() == JPEG
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_they_are_shown_as_what_they_are_and_nothing_of_them_runs(channels, door):
    row = await came(channels, Finds(JPEG))
    answer = await door.http.get(f"/attachments/{row.id}")
    assert (answer.status_code, answer.content) == (200, JPEG)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == f'inline; filename="{row.id}.jpg"'
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_what_a_browser_does_not_show_is_saved(channels, door):
    row = await came(channels, Finds(b"%PDF-1.7 ..."))
    answer = await door.http.get(f"/attachments/{row.id}")
    assert answer.headers["content-disposition"] == f'attachment; filename="{row.id}.pdf"'


async def test_a_page_that_calls_itself_a_picture_is_not_kept(channels, door):
    row = await came(channels, Finds(b"<svg onload='alert(1)'/>"))
    assert (row.state, row.file) == ("refused", None)
    assert (await door.http.get(f"/attachments/{row.id}")).status_code == 404


async def test_what_is_refused_says_why(channels):
    row = await came(channels, Finds(FetchRefused("its address is not a public one")))
    assert (row.state, row.reason) == ("refused", "its address is not a public one")


async def test_what_has_failed_is_tried_again_and_given_up_at_last(channels):
    with pytest.raises(FetchFailed):
        await came(channels, Finds(FetchFailed("no answer")))
    channels.pass_by(minutes=1)
    row = await came(channels, Finds(FetchFailed("no answer")), attempts=TRIES)
    assert (row.state, row.reason) == ("failed", "no answer")


async def test_a_machine_of_ours_is_never_asked(channels):
    inside = IncomingAttachment("image", None, "http://127.0.0.1:1/secret.jpg")
    await channels.take(incoming("1", attachments=(inside,)))
    (job,) = await channels.claim("fetch_attachment")
    await fetch(channels.service, job)
    (row,) = await channels.all(AttachmentRow)
    assert row.state == "refused"


async def test_the_bytes_of_a_deleted_post_go_too(channels, door):
    row = await came(channels, Finds(JPEG))
    file = channels.service.settings.attachments / row.file
    await channels.take(incoming("1", "", happened=Happened.DELETED))
    assert (await door.http.get(f"/attachments/{row.id}")).status_code == 404
    fetcher = Finds(JPEG)
    for job in await channels.claim("fetch_attachment"):
        await fetch_with(channels.service, job, fetcher)
    assert not await asyncio.to_thread(file.exists)
    assert fetcher.asked == []


async def test_a_post_that_is_deleted_while_its_picture_is_on_its_way_leaves_nothing(channels):
    async def deleted() -> None:
        await channels.take(incoming("1", "", happened=Happened.DELETED))

    row = await came(channels, Finds(JPEG, meanwhile=deleted))
    assert (row.state, row.file) == ("refused", None)
    assert list(channels.service.settings.attachments.iterdir()) == []


async def test_another_brands_attachment_is_not_there(channels, door):
    row = await came(channels, Finds(JPEG))
    channels.sign_in(Role.ADMIN, "tarnlight")
    assert (await door.http.get(f"/attachments/{row.id}")).status_code == 404
