"""Figures of what is watched, for the monitoring that a site already has."""
