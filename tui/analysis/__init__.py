"""What readings mean: pure arithmetic over what the server sent, no client, no clock of its own."""
