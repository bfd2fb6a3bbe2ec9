"""What was observed of a session, kept on disk: append-only, each line bound to the one before."""
