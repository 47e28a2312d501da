"""The control API under `/_mock/v1/`: for whoever runs the fake, never for the client under test.

Each module holds the routes of one subject; `router` puts them together. Problems are 4xx with
{"error": what was expected and what to do}.
"""

from mock_momo.edge.control.router import PREFIX, Control

__all__ = ["PREFIX", "Control"]
