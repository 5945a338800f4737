"""The engine: units of work, asked for and done."""
