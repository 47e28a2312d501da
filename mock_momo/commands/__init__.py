"""The subcommands of `mock-momo` that need nothing but the fake."""
