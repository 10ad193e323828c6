"""Llama-3.2-Vision: correction of transformers, and the family's own loops."""
