"""One correct client, and the ways to be wrong: what the examiner is examined with."""
