"""What an auditor gets of a session: one value, written as HTML, Markdown, text, JSON or CSV."""
