"""The HTML page of a run: one self-contained file, made from what runs left."""
