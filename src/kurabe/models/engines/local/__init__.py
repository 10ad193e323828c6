"""The engine for checkpoints of transformers."""
