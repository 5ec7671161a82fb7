"""Tracebacks and messages that somebody pasted: read, recognised, explained.

``reading`` turns the text into exceptions and frames, ``catalogue`` knows the families of messages, ``telling`` writes.
"""
