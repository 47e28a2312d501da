"""The client is killed at every step of its I/O and at random; then both books must agree.

`python -m tests.crash --database sqlite`
"""
