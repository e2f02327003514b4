import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.secret import NoOldSecret, Secret, SecretReadByOthers, SecretTooShort
from server.settings import Settings

LONG = "0123456789abcdef" * 4


def test_a_home_makes_its_secret_once_and_keeps_it_to_itself(tmp_path: Path):
    settings = Settings(home=tmp_path / "home")
    first = Secret.of(settings)
    file = tmp_path / "home" / "secret"
    assert file.stat().st_mode & 0o777 == 0o600
    assert Secret.of(settings).derive("links") == first.derive("links")
    assert Secret.of(Settings(home=tmp_path / "other")).derive("links") != first.derive("links")
    assert [path.name for path in file.parent.iterdir()] == ["secret"]


def test_processes_that_start_together_have_the_same(tmp_path: Path):
    settings = Settings(home=tmp_path / "home")
    with ThreadPoolExecutor(8) as at_once:
        keys = set(at_once.map(lambda _: Secret.of(settings).derive("links"), range(32)))
    assert len(keys) == 1


def test_one_that_is_set_counts_and_no_file_is_made(tmp_path: Path):
    settings = Settings(home=tmp_path / "home", secret=LONG)
    assert Secret.of(settings) == Secret.of(Settings(home=tmp_path / "another", secret=LONG))
    assert not (tmp_path / "home").exists()


def test_one_that_could_be_guessed_is_refused(tmp_path: Path):
    with pytest.raises(SecretTooShort, match="openssl rand"):
        Secret.of(Settings(home=tmp_path, secret="letmein"))


def test_old_ones_stand_one_on_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    kept = tmp_path / "old-secrets"
    monkeypatch.setenv("DESKSIDE_OLD_SECRETS_FILE", str(kept))
    kept.write_text(f"\n{LONG}\n  {LONG[::-1]}  \n", encoding="utf-8")
    assert Secret.before(Settings()) == (Secret.of_text(LONG), Secret.of_text(LONG[::-1]))
    kept.write_text(f"{LONG}\nletmein\n", encoding="utf-8")
    with pytest.raises(NoOldSecret, match="line 2 of DESKSIDE_OLD_SECRETS"):
        Secret.before(Settings())


def test_one_that_others_can_read_is_refused(tmp_path: Path):
    Secret.of(Settings(home=tmp_path))
    (tmp_path / "secret").chmod(0o644)
    with pytest.raises(SecretReadByOthers, match="chmod 600"):
        Secret.of(Settings(home=tmp_path))


def test_each_purpose_has_its_own_key_by_hkdf(tmp_path: Path):
    secret = Secret.of(Settings(home=tmp_path, secret=LONG))
    extracted = hmac.digest(b"deskside", LONG.encode(), hashlib.sha256)
    assert secret.derive("links") == hmac.digest(extracted, b"links\x01", hashlib.sha256)
    assert secret.derive("links") != secret.derive("cursors")


def test_it_is_not_printed(tmp_path: Path):
    secret = Secret.of(Settings(home=tmp_path, secret=LONG))
    assert repr(secret) == "Secret()"
    assert LONG not in repr(Settings(home=tmp_path, secret=LONG))
