"""The crash harness: the real flow, killed again and again, must end as though it had never been disturbed."""
