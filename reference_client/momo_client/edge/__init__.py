"""Where the client meets the world: settings, sockets, the ledger's file, the clock."""
