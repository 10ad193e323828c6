"""The folder of an adapter while it is trained: refused if it is in use, and known again when it goes on."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kurabe.common.errors import ModelError

CHECKPOINTS = "checkpoints"
"""Subfolder of the states from which an interrupted training goes on; gone when it has ended."""

_STATE = "training.json"
_LOCK = ".lock"


@contextmanager
def training_in(out: Path, identity: str, *, resume: bool) -> Iterator[Path | None]:
    """Hold a folder while an adapter is trained there, and clear it up once that has ended well.

    Args:
        out: The folder; made if need be.
        identity: Of base, settings and records.
        resume: Whether an interrupted training of that identity is to go on.

    Yields:
        The checkpoint to go on with; None to begin.

    Raises:
        ModelError: If the folder is in use, or the training in it was another.
    """
    from filelock import FileLock, Timeout

    _check_folder(out)
    out.mkdir(parents=True, exist_ok=True)
    try:
        lock = FileLock(out / _LOCK, timeout=0).acquire()
    except Timeout:
        raise ModelError(f"{out}: another training is writing into it: choose another folder") from None
    try:
        with lock:
            check_out(out, resume=resume)
            checkpoint = _begin(out, identity)
            try:
                yield checkpoint
                clear(out)
            finally:
                if latest_checkpoint(out) is None:  # there is nothing to go on with: the folder is free again
                    clear(out)
    finally:
        (out / _LOCK).unlink(missing_ok=True)
        if not any(out.iterdir()):
            out.rmdir()


def clear(out: Path) -> None:
    """Remove what an interrupted training would need."""
    shutil.rmtree(out / CHECKPOINTS, ignore_errors=True)
    (out / _STATE).unlink(missing_ok=True)


def check_out(out: Path, *, resume: bool) -> None:
    """Refuse a folder that holds something else than an interrupted training, or without ``resume`` that.

    Raises:
        ModelError: With what to do.
    """
    _check_folder(out)
    if not out.exists():
        return
    # What a training left that was killed before its first checkpoint is no reason to refuse.
    own = {_LOCK, _STATE, CHECKPOINTS} if (out / _STATE).is_file() else {_LOCK}
    held = sorted(path.name for path in out.iterdir() if path.name not in own)
    if latest_checkpoint(out) is not None:
        if not resume:
            raise ModelError(
                f"{out}: holds an interrupted training: go on with --resume, or name another folder"
            )
    elif held:
        raise ModelError(
            f"{out}: is in use, it holds {', '.join(held[:3])}: name a new folder for the adapter"
        )


def _check_folder(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise ModelError(f"{out}: is a file: name a folder for the adapter")


def latest_checkpoint(out: Path) -> Path | None:
    """Return the last whole checkpoint of an interrupted training."""
    if not (out / _STATE).is_file():
        return None
    # The Trainer writes its own state last.
    whole = [path.parent for path in (out / CHECKPOINTS).glob("checkpoint-*/trainer_state.json")]
    return max(whole, key=step_of, default=None)


def step_of(checkpoint: Path) -> int:
    """Return the step that a checkpoint is of."""
    return int(checkpoint.name.rpartition("-")[2])


def _begin(out: Path, identity: str) -> Path | None:
    """Note what is trained here; return the checkpoint to go on with."""
    state, checkpoint = out / _STATE, latest_checkpoint(out)
    if checkpoint is None:
        clear(out)
        state.write_text(json.dumps({"identity": identity}) + "\n", encoding="utf-8")
    elif json.loads(state.read_text(encoding="utf-8"))["identity"] != identity:
        raise ModelError(
            f"{out}: the interrupted training was another: base, settings or records have changed. Start it "
            "again as it was, or name another folder"
        )
    return checkpoint
