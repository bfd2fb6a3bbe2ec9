"""Programs of the user's own, started when something happens; none of them is ever waited for."""
