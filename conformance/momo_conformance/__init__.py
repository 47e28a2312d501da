"""The examiner: grades a client through its driver, and never looks inside."""
