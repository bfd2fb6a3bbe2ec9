"""From the form or the start's credentials to a client. Knows no screen."""
