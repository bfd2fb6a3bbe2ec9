"""What a cloud failover session means over time. No HTTP, no Textual."""
