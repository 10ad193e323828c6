"""Make a checkpoint of trained weights: configuration, tokenizer and processor beside bfloat16 safetensors.

python -m training.assemble WEIGHTS_FOLDER --family phi3v --out checkpoints/tiny-phi3v
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file

from training.pool import cases_folder
from training.tiny import learner


def main() -> None:
    """Assemble; see the module's text."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("weights", type=Path)
    parser.add_argument("--family", choices=("phi3v", "mllama"), required=True)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    made, processor = learner(chosen.family, cases_folder())
    stored = load_file(chosen.weights / f"{chosen.family}.safetensors")
    made.load_state_dict(stored)
    model = made.model.to(torch.bfloat16)
    model.generation_config.eos_token_id = processor.tokenizer.eos_token_id
    model.generation_config.pad_token_id = processor.tokenizer.pad_token_id
    model.save_pretrained(chosen.out)
    processor.save_pretrained(chosen.out)


if __name__ == "__main__":
    main()
