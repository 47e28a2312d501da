"""A whole, correct MoMo client and its driver, made to be broken one decision at a time.

    python -m tests.mutants.client [BUG…]

Standard library only: it shares nothing with the examiner or with the reference client. Each
decision is a small method or a constant of a class, so that a bug (see `bugs`) can replace it
before the driver starts. Instants are whole milliseconds of the injected clock; what a request may
take is wall time.
"""
