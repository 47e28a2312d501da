"""The client on gevent, over Locust's FastHttpSession, in a process that gevent has patched."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mock_momo.testing import World

CROWD = """
from locust.contrib.fasthttp import FastHttpSession
from locust.env import Environment
from locust import FastHttpUser
import gevent, json
from gevent.pool import Pool
from momo_client import BlockingChecker, BlockingMomoClient, Ledger, SessionTransport, Settings

settings = Settings()

class User(FastHttpUser):
    host = settings.base_url

environment, transport = Environment(user_classes=[User]), SessionTransport()
ledger = Ledger.create(settings.ledger_url)
client = BlockingMomoClient(settings, ledger, transport=transport)

def pay(number):
    transport.use(User(environment).client)
    return client.request_to_pay("1", "46733123499", f"order-{number}").status

statuses = Pool(20).map(pay, range(20))
checked = [BlockingChecker(client).check_now().completed for _ in range(3)]
print(json.dumps([statuses, checked, client.calls.token_calls, len(ledger.entries())]))
"""


def test_twenty_greenlets_pay_with_one_token_and_each_is_credited_once(
    world: World, tmp_path: Path
) -> None:
    pytest.importorskip("gevent", reason="the extra `load` brings gevent with Locust")
    variables = world.variables | {
        "MTN_LEDGER_URL": f"sqlite:///{tmp_path}/ledger.sqlite3",
        "MTN_CALLS_PER_S": "0",
    }
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CROWD],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [["pending"] * 20, [10, 10, 0], 1, 40]
    assert world.books().credited == 20
    assert world.books().calls["collection.token"] == 1
