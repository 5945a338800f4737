"""One module a check; the file name is the code. See :mod:`pipeline.check`."""
