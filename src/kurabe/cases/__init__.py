"""YAML to cases to trials."""
