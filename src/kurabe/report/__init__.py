"""What the bench tells of a run: tables, terminal, comparison, gates."""
