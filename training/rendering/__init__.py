"""What `scenes` renders one by one, for many pictures at once on a GPU: same formulas, float32, torch."""
