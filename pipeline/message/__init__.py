"""A message from its octets alone: its parts, what its text says, the files that somebody sent with it."""
