"""Pure functions from values to words, durations and cells: shared by every front end."""
