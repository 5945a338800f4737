"""Real servers for tests, private to a run and gone after it."""
