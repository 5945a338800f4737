"""How things are written down: charsets, numbers, days, signs that sound alike, and a text's sketch."""
