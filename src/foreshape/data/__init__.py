"""Whole data sets against the contract of a model: one kernel, from an Arrow batch to a summary that merges."""
