"""JSON and YAML that people and programs write: read with every mistake named, and written."""
