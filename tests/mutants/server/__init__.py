"""The fake, and the ways to be wrong: what the examiner of servers is examined with."""
