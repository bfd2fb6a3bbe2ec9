"""The manual: pages in plain Markdown inside the package, for a terminal of any width."""
