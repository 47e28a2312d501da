"""The fake as a service: is it up, can it be used, what can be asked of it."""

from mock_momo.edge.control.routes import Answer, Route, Visit, json_answer


async def _health(_visit: Visit) -> Answer:
    return json_answer({"status": "ok"})


ROUTES = (Route("GET", "health", "the process is up", _health),)
