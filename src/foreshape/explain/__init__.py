"""Faults and provenance to reports: the only place that writes prose."""
