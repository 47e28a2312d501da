"""The law: facts of the MTN MoMo protocol that the fake, the client and the examiner share.

Pure: standard library, pydantic and jsonschema only; no I/O, clock, randomness or logging.
Instants are integers, milliseconds since the Unix epoch (`now_ms`, `expires_at_ms`).

Each rule cites its provenance:

* documented: MTN's published definitions or portal text
* observed: captured from the real hosts
* mission: what the integrations this project serves rely on
* assumed: nobody has shown it; our best reading, open to correction
"""
