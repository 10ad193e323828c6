"""Fine-tuning: records from cases, LoRA training, and what the adapter says of itself."""
