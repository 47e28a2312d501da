"""Published clients, unmodified, against the fake: `make interop`."""
