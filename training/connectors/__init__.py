"""Connectors without end for the adapters: drawn on the CPU, rendered on the GPU, asked about."""
