"""Programs that write what the repository holds: figures, pictures, pins."""
