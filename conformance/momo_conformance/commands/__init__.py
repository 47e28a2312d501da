"""The subcommands of `mock-momo` that examine."""
