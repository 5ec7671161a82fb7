"""Families of messages by who says them. Each entry is raised for real in the tests."""
