"""The event log on its way out: followed, shown, written to files."""
