"""Pure decisions of the fake: no clock, randomness, socket, file or logger."""
