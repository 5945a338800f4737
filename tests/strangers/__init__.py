"""Four offices that nobody tuned the product on, each with a month of village mail and a second campaign of its own.

``first`` may be looked into and its mistakes mended at their reason; of ``second``, ``third`` and ``fourth`` only the
total score is ever looked at, so that they tell how the product fares with mail that it has never seen.
"""
