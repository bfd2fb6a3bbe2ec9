"""Measurements from outside, none of them a test; see README.md."""
