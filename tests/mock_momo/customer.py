"""A customer's own HTTP, as a coroutine: it knows an `Access` and nothing else of the fake."""

from base64 import b64encode

from aiohttp import ClientSession

from mock_momo.testing import Access

REFERENCE_ID = "7a3e1c9a-3b5e-4a54-9d5a-111111111111"
OTHER_ID = "7a3e1c9a-3b5e-4a54-9d5a-222222222222"


async def pay(
    access: Access,
    reference_id: str = REFERENCE_ID,
    *,
    plan: str | None = None,
    callback_url: str | None = None,
) -> int:
    """Ask for a payment of 5; returns the status of the answer."""
    key = {"Ocp-Apim-Subscription-Key": access.subscription_keys["collection"]}
    async with ClientSession(headers=key) as session:
        basic = b64encode(f"{access.api_user}:{access.api_key}".encode()).decode()
        login = {"Authorization": f"Basic {basic}"}
        async with session.post(_path(access, "/collection/token/"), headers=login) as reply:
            token = (await reply.json())["access_token"]
        headers = {
            "Authorization": f"Bearer {token}",
            "X-Reference-Id": reference_id,
            "X-Target-Environment": access.target_environment,
            **({"X-Mock-Outcome": plan} if plan else {}),
            **({"X-Callback-Url": callback_url} if callback_url else {}),
        }
        order = {
            "amount": "5",
            "currency": access.currency,
            "payer": {"partyIdType": "MSISDN", "partyId": "1"},
        }
        path = _path(access, "/collection/v1_0/requesttopay")
        async with session.post(path, headers=headers, json=order) as reply:
            return reply.status


async def get(access: Access, path: str) -> int:
    """Ask for a page that needs no token; returns the status of the answer."""
    key = {"Ocp-Apim-Subscription-Key": access.subscription_keys["collection"]}
    async with (
        ClientSession(headers=key) as session,
        session.get(_path(access, path)) as reply,
    ):
        return reply.status


def _path(access: Access, path: str) -> str:
    return f"{access.base_url}{path}"
