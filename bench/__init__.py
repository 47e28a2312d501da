"""Figures: the fake beside a bare aiohttp server, its start, its memory and its end."""
