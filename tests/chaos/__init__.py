"""Processes that are killed while they work; what was acknowledged must be there afterwards."""
