"""Every answer of the API that somebody has recorded or published, one a row, byte by byte."""

import json
from base64 import urlsafe_b64decode

import pytest

from mock_momo.core.settings import Settings
from tests.mock_momo.core.calls import REFERENCE_ID, basic
from tests.mock_momo.edge.recorded import Ask, Row, answer_to, ask, fits
from tests.mock_momo.edge.recorded_bodies import BODIES, MAKE_USER, USER
from tests.mock_momo.edge.recorded_errors import BAD_TARGET, ERRORS
from tests.mock_momo.edge.wire import WALL_MS, Fake, Headers

ROWS = (*ERRORS, *BODIES)


def test_a_row_is_there_once() -> None:
    sources = [row.source for row in ROWS]

    assert len(sources) == len(set(sources))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.source)
async def test_the_fake_answers_as_recorded(fake: Fake, row: Row) -> None:
    answer = await answer_to(fake, row)

    assert (answer.status, answer.told) == (row.status, row.headers)
    assert fits(row.body, answer.body), answer.body
    if row.size is not None:
        assert len(answer.body) == row.size


async def test_a_token_says_what_the_recorded_ones_say(fake: Fake) -> None:
    """The clock of the tests stands at 2023-11-14T22:13:20; a token lives for an hour."""
    issued = json.loads((await ask(fake, Ask("POST /collection/token/"))).body)

    header, payload, signature = (
        urlsafe_b64decode(part + "=" * (-len(part) % 4))
        for part in issued["access_token"].split(".")
    )

    user = fake.registry.default.credentials.api_user
    assert header == b'{"typ":"JWT","alg":"R256"}'
    assert fits(
        f'{{"clientId":"{user}","expires":"2023-11-14T23:13:20.000","sessionId":"<uuid>"}}'.encode(),
        payload,
    )
    assert len(signature) == 256


async def test_a_user_of_another_product_is_refused_where_the_switch_says_so(fake: Fake) -> None:
    """As an integrator met it in 2026; recorded in 2023 and 2024 it was not so."""
    for scope, status in (("any_product", "200 OK"), ("own_product", "500 Server Error")):
        fake.registry.default.replace(WALL_MS, Settings(chosen={"api_user_scope": scope}), ())
        disbursing: Headers = {"Ocp-Apim-Subscription-Key": "{disbursement_key}"}
        await ask(fake, Ask(MAKE_USER.line, MAKE_USER.content, disbursing))
        key = json.loads((await ask(fake, Ask(f"POST {USER}/apikey"))).body)["apiKey"]
        login: Headers = {"Authorization": basic(REFERENCE_ID, key)}
        issued = json.loads((await ask(fake, Ask("POST /collection/token/", b"", login))).body)

        headers: Headers = {"Authorization": f"Bearer {issued['access_token']}"}
        answer = await ask(fake, Ask("GET /collection/v1_0/account/balance", b"", headers))

        assert answer.status == status
        assert (answer.body == BAD_TARGET) == (scope == "own_product")


@pytest.mark.parametrize("source", ["2.4 gateway failure", "2.2 form, 2026", "7 WAF page"])
async def test_what_a_reply_quotes_for_support_is_drawn_by_hash(fake: Fake, source: str) -> None:
    row = next(row for row in ROWS if row.source == source)

    first, again = await answer_to(fake, row), await ask(fake, row.ask)
    afresh = await answer_to(fake, row)

    assert first.body != again.body
    assert first.body == afresh.body
