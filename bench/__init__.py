"""The fake beside a bare aiohttp server doing the same work: ratios from one run."""
