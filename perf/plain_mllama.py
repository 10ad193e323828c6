"""What one would write without the bench: pairs of a table put to a checkpoint of mllama, one at a time.

    python -m perf.plain_mllama CHECKPOINT PAIRS.csv

The table has the columns ``prompt``, ``reference`` and ``test``. The answers are printed, one a line. Of
kurabe it takes the correction of transformers' features alone, without which the answers are not the model's.
"""

import csv
import sys
from typing import Any

import torch
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoProcessor

from kurabe.models.families.mllama import apply


def stacked(upper: Image.Image, lower: Image.Image) -> Image.Image:
    """Return one picture above the other, with a black bar between them."""
    below = upper.height + max(8, round(0.04 * max(upper.height, lower.height)))
    both = Image.new("RGB", (max(upper.width, lower.width), below + lower.height))
    both.paste(upper, (0, 0))
    both.paste(lower, (0, below))
    return both


def main() -> None:
    """Ask and print."""
    checkpoint, table = sys.argv[1:]
    apply()
    classes: Any = AutoModelForImageTextToText, AutoProcessor
    model, processor = (each.from_pretrained(checkpoint) for each in classes)
    model.float().eval()
    with open(table, encoding="utf-8", newline="") as file:  # noqa: PTH123
        for row in csv.DictReader(file):
            pictures = (Image.open(row[name]).convert("RGB") for name in ("reference", "test"))
            content = [{"type": "image"}, {"type": "text", "text": row["prompt"]}]
            text = processor.apply_chat_template(
                [{"role": "user", "content": content}], add_generation_prompt=True
            )
            inputs = processor(
                images=stacked(*pictures), text=text, add_special_tokens=False, return_tensors="pt"
            )
            with torch.inference_mode():
                ids = model.generate(**inputs, max_new_tokens=64, do_sample=False)
            answer = processor.decode(ids[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
            print(" ".join(answer.split()))


if __name__ == "__main__":
    main()
