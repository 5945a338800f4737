"""The coordinator's page: server-rendered, in Chinese, usable without scripts, closed to strangers.

``serving`` listens, ``gate`` lets in, ``visit`` is what a page is given, and each other module is one theme of pages.
"""
