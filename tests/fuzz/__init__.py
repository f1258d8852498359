"""Seeded attacks on the edge."""
