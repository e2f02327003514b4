import pytest

from server.publications.pointing import NoPostThere, Speaker, did_in, network_id_in

X = Speaker("x", "FernhollowHelp")
BLUESKY = Speaker("bluesky", "help.fernhollow.example", did="did:plc:ours")
NAMELESS = Speaker("bluesky", "help.fernhollow.example")
MASTODON = Speaker("mastodon", "fernhollow@social.fernhollow.example")
INSTAGRAM = Speaker("instagram", "fernhollow")
FORUM = Speaker("forum", "fernhollow")


@pytest.mark.parametrize(
    ("speaker", "pasted", "network_id"),
    [
        (X, " 1992317 ", "1992317"),
        (X, "https://x.com/FernhollowHelp/status/1992317?s=20", "1992317"),
        (X, "https://mobile.twitter.com/i/web/status/1992317/photo/1", "1992317"),
        (BLUESKY, "at://did:plc:ours/app.bsky.feed.post/3k2", "at://did:plc:ours/app.bsky.feed.post/3k2"),
        (BLUESKY, "https://bsky.app/profile/did:plc:ours/post/3k2", "at://did:plc:ours/app.bsky.feed.post/3k2"),
        (
            BLUESKY,
            "https://bsky.app/profile/Help.Fernhollow.example/post/3k2",
            "at://did:plc:ours/app.bsky.feed.post/3k2",
        ),
        (BLUESKY, "http://127.0.0.1:8100/bluesky/help/posts/n7", "n7"),
        (MASTODON, "https://social.fernhollow.example/@fernhollow/1154/", "1154"),
        (INSTAGRAM, "17895695668004550", "17895695668004550"),
        (FORUM, "https://forum.fernhollow.example/threads/4/posts/77#top", "77"),
    ],
)
def test_an_id_or_a_link_names_a_post(speaker: Speaker, pasted: str, network_id: str):
    assert network_id_in(pasted, speaker) == network_id


@pytest.mark.parametrize(
    ("speaker", "pasted", "words"),
    [
        (X, "https://x.com/FernhollowHelp", "/status/"),
        (X, "https://x.com/FernhollowHelp/status/", "/status/"),
        (BLUESKY, "https://bsky.app/profile/help.fernhollow.example", "/post/"),
        (BLUESKY, "https://bsky.app/profile/somebody.else/post/3k2", "a post of somebody.else"),
        (NAMELESS, "https://bsky.app/profile/help.fernhollow.example/post/3k2", "at:// address"),
        (MASTODON, "https://elsewhere.example/@fernhollow@social.fernhollow.example/99", "elsewhere.example's number"),
        (INSTAGRAM, "https://www.instagram.com/p/DBx1/", "the id itself"),
        (FORUM, "https://forum.fernhollow.example/", "no post"),
        (FORUM, "https://[forum/", "no link"),
    ],
)
def test_a_link_to_something_else_is_refused_with_what_to_paste(speaker: Speaker, pasted: str, words: str):
    with pytest.raises(NoPostThere, match=words):
        network_id_in(pasted, speaker)


def test_the_name_of_an_account_is_read_from_what_it_has_posted():
    assert did_in("at://did:plc:ours/app.bsky.feed.post/3k2") == "did:plc:ours"
    assert did_in("1992317") is None
