"""Measurements, run by hand (``make bench-judging``, ``make bench-likeness``): no test waits for them."""
