"""Programs that make the embedded checkpoints: run by hand on a GPU, never by the bench."""
