"""Make an adapter of what `training.adapt` left.

    python -m training.finish --run FOLDER [--run FOLDER ...] --course plain-64-0 --name tiny-phi3v-connector

The folders are those of the runs that made it, in their order; the weights are the last one's.
"""

import argparse
import dataclasses
import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from kurabe.finetune import lora
from kurabe.finetune.card import card_of, write_card
from kurabe.finetune.curve import write_curve
from kurabe.finetune.settings import About, Settings, Trained
from kurabe.models.engines.local.engine import LocalEngine
from kurabe.project import Project
from training.adapt import VERDICTS
from training.course import BASE, HEAD, RATES, ROOT, SCALE, SHARES, Name


def adapter(weights: Path, name: Name, out: Path) -> LocalEngine:
    """Write the weights as PEFT has them; returns the engine of the base."""
    engine: Any = Project.at(ROOT, None, None, None).registry().engine(BASE)
    base = engine.base.load()
    alpha = int(SCALE * name.rank)
    model = lora.put_on(base.model, rank=name.rank, alpha=alpha, dropout=0.0, vision=True)
    state = {}
    for key, value in load_file(weights).items():
        if not key.startswith(HEAD):
            state[f"base_model.model.{key}.weight"] = value.float()
    found = set(lora.weights(model))
    if found != set(state):
        raise ValueError(f"{weights}: holds other layers than the base has: {sorted(found ^ set(state))[:4]}")
    from peft import set_peft_model_state_dict

    set_peft_model_state_dict(model, state)
    lora.save(model, out, engine.base.settings.checkpoint, torch.bfloat16)
    lora.take_off(model)
    made: LocalEngine = engine
    return made


def main() -> None:
    """Write the adapter, its curve and its card."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", type=Path, action="append", required=True)
    parser.add_argument("--course", type=Name.of, required=True)
    parser.add_argument("--name", required=True, help="of the adapter and its folder")
    chosen = parser.parse_args()
    out = ROOT / "checkpoints" / chosen.name
    engine = adapter(chosen.run[-1] / f"{chosen.course}.safetensors", chosen.course, out)
    runs = [json.loads((folder / "adapt.json").read_text(encoding="utf-8")) for folder in chosen.run]
    history, steps, seconds, records, connectors, processed = [], 0, 0.0, 0, 0, 0
    for run in runs:
        rows = [row for row in run["log"] if row["course"] == str(chosen.course)]
        batch = int(run["settings"]["batch"])
        for row in rows:
            balanced = row["raw"]
            history.append(
                {"step": steps + row["steps"], "loss": row["loss"], "eval_balanced_accuracy": balanced}
            )
        steps, seconds = steps + rows[-1]["steps"], seconds + rows[-1]["seconds"]
        records += rows[-1]["steps"] * batch
        connectors, processed = connectors + rows[-1]["connectors"], processed + rows[-1]["pairs_processed"]
    last = history[-1]["eval_balanced_accuracy"]
    kind = chosen.course.kind
    shares = ", ".join(f"{100 * share:.0f} % {name}" for name, share in SHARES[kind].items())
    card_name, version = runs[-1]["card"], runs[-1]["torch"]
    origin = (
        f"Made by `python -m training.adapt` in {len(runs)} runs on one {card_name} (torch {version}): "
        f"{records:,} records of {connectors:,} drawn connectors with four flawed and four good tests each, "
        f"and of {processed:,} processed pairs ({shares}; {100 * VERDICTS:.0f} % of the steps asked for "
        "verdicts). No picture was kept, so no hashes are listed: the seeds are none of the suites'. The "
        "balanced accuracy above is of raw held-out pairs; training/results holds the rest."
    )
    settings = dataclasses.replace(
        Settings(), rank=chosen.course.rank, alpha=int(SCALE * chosen.course.rank), dropout=0.0, vision=True,
        learning_rate=RATES["adapter"], batch_size=int(runs[-1]["settings"]["batch"]), epochs=1.0,
        steps=steps, validation=0.0, patience=0, checkpointing=False, keep=0, workers=0, spots=1.0,
        seed=chosen.course.seed,
    )  # fmt: skip
    trained = Trained(
        out, steps, steps, {}, {"eval_balanced_accuracy": last}, "", False, seconds, records / seconds, None,
        history,
    )  # fmt: skip
    about = About(chosen.name, BASE, engine.base.settings.checkpoint, engine.fingerprint(), None, origin)
    card = card_of(about, settings, [], [], trained, [], runs[-1]["card"])
    card["records"]["training"] = records
    write_card(out, card)
    write_curve(out, history, chosen.name)


if __name__ == "__main__":
    main()
