"""baosong (报送): a pipeline from an office mailbox to a checked, answered and reported ledger.

Read :mod:`pipeline.run` first: it is the one module that knows every stage.
"""
