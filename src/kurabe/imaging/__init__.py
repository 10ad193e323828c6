"""Pictures: loading, registration, processors and layouts. Knows no model."""
