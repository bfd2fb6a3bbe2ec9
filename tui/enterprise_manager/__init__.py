"""The REST client. Knows HTTP and TLS, nothing of screens."""
