"""The search for secrets finds them: it is itself put to the test, in every place and form."""

import logging
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from sqlalchemy import create_engine, text

from momo_client import MomoClientError, Settings
from momo_client.core.events import CallbackRefused, TokenFailed
from momo_client.core.token_cache import CachedToken
from momo_client.edge.listeners import Listeners
from momo_contracts.values import Product
from tests.momo_client import secrets

CANARY = "c4n4ry/+~?>secret-\N{LATIN SMALL LETTER U WITH DIAERESIS}"


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    secrets.keep(CANARY)
    yield
    secrets.forget()


FORMS: tuple[Callable[[str], str], ...] = (
    str,
    quote_plus,
    *(
        lambda canary, pad=pad, encode=encode: encode(f"{pad}{canary}{pad}".encode()).decode()
        for pad in ("", "x", "xy", "xyz")
        for encode in (b64encode, urlsafe_b64encode)
    ),
)


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_found_in_every_form(form: Callable[[str], str]) -> None:
    secrets.note("here", f"before{form(CANARY)}after" if form is str else form(CANARY))
    assert secrets.found() == ["here"]


@pytest.mark.parametrize("text", ["", CANARY[:-1], b64encode(CANARY[:9].encode()).decode()])
def test_what_is_no_secret_is_not_found(text: str) -> None:
    secrets.note("here", text)
    assert secrets.found() == []


def test_a_log_an_error_and_an_event_are_searched() -> None:
    logging.getLogger("anybody").debug("a token: %s", CANARY)
    MomoClientError("refused", remedy=f"do not use {CANARY}")
    Listeners(()).tell(CallbackRefused(CANARY))
    assert secrets.found() == ["log anybody", "error", "event CallbackRefused"]


def test_the_traceback_in_a_log_is_searched() -> None:
    error = ValueError(CANARY)
    logging.getLogger("anybody").error("failed", exc_info=error)
    assert secrets.found() == ["log anybody"]


def test_metrics_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("momo_client.edge.metrics._known", lambda code: code)
    Listeners(()).tell(TokenFailed(Product.COLLECTION, CANARY))
    assert secrets.found() == ["event TokenFailed", "metrics"]


def test_files_are_searched(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "ledger-wal").write_bytes(b"\0" + CANARY.encode())
    secrets.note_files(tmp_path)
    assert secrets.found() == ["file ledger-wal"]


def test_a_database_is_searched(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE payments (note text)"))
        connection.execute(text("INSERT INTO payments VALUES (:note)"), {"note": CANARY})
    engine.dispose()
    secrets.note_database(postgres_url)
    assert secrets.found() == ["table payments"]


@pytest.mark.parametrize(
    "secret", ["subscription-1", "the-api-key", b64encode(b"user:the-api-key").decode()]
)
def test_what_settings_are_given_is_secret(
    changed_settings: Callable[..., Settings], secret: str
) -> None:
    changed_settings(api_user="user", api_key="the-api-key", subscription_key="subscription-1")
    secrets.note("here", secret)
    assert secrets.found() == ["here"]


def test_every_token_is_secret() -> None:
    CachedToken("a-token-that-was-issued", 0, 3600)
    secrets.note("here", "Bearer a-token-that-was-issued")
    assert secrets.found() == ["here"]
