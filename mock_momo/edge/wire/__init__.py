"""HTTP: from bytes to facts, and from replies to bytes."""
