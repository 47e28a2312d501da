"""The yardstick, frozen: aiohttp `web.Application`, uvloop, three routes, orjson, dict, no log.

It does the least that is still stateful: a status read returns what the create stored. Nothing
is checked, nothing is remembered of the traffic. Do not make it faster or slower.
"""

import sys
from uuid import uuid4

import orjson
import uvloop
from aiohttp import web

PAYMENTS: dict[str, dict[str, object]] = {}


async def token(_request: web.Request) -> web.Response:
    """A token of the usual size."""
    body = {"access_token": uuid4().hex * 16, "token_type": "access_token", "expires_in": 3600}
    return web.Response(body=orjson.dumps(body), content_type="application/json")


async def request_to_pay(request: web.Request) -> web.Response:
    """Keep the body under its reference id."""
    PAYMENTS[request.headers["X-Reference-Id"]] = orjson.loads(await request.read())
    return web.Response(status=202)


async def status(request: web.Request) -> web.Response:
    """Return what was kept."""
    payment = PAYMENTS.get(request.match_info["reference_id"])
    if payment is None:
        return web.Response(status=404)
    body = orjson.dumps({**payment, "status": "SUCCESSFUL"})
    return web.Response(body=body, content_type="application/json")


def main() -> None:
    """Serve on the port given as the only argument."""
    app = web.Application()
    app.router.add_post("/collection/token/", token)
    app.router.add_post("/collection/v1_0/requesttopay", request_to_pay)
    app.router.add_get("/collection/v1_0/requesttopay/{reference_id}", status)
    loop = uvloop.new_event_loop()
    web.run_app(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        access_log=None,
        loop=loop,
        print=lambda line: print(f"READY {line}", flush=True),
    )


if __name__ == "__main__":
    main()
