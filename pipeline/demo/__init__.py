"""The demo: a month of invented village mail, see :mod:`pipeline.demo.month`."""
