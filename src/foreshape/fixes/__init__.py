"""Proposals for mending a fault, and the proof that they do."""
