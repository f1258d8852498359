"""Measurements of the product as operators run it; numbers only, nothing here passes or fails."""
