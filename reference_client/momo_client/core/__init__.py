"""What the client decides: pure, synchronous, without clock, randomness or I/O."""
