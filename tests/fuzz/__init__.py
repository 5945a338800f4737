"""Octets that nobody wrote, for every reader that meets what strangers send.

``make fuzz`` runs for minutes, guided by coverage where Atheris is installed; the suite has a short form.
"""
