"""Foreshape finds tensor shape, index and dtype faults in deep-learning code before it runs."""

__version__ = "0.1.0"
