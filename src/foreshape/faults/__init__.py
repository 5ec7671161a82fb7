"""Faults: what can be wrong, as typed data. One file per fault."""
