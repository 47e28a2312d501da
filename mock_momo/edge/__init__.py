"""The I/O of the fake: sockets, the machine's clock, rendering. It decides nothing."""
