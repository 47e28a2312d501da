"""`make demo`: every room at work in less than a minute, on a free port, with nothing to set up."""
