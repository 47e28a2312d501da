"""The other direction: requests that are sent to a server, and its replies judged."""
