"""Where weights are, whether they are complete, how large they are, and what identifies them."""

import hashlib
import json
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from kurabe.common.atomic import write_text
from kurabe.common.errors import ModelError
from kurabe.common.paths import is_there, shortened

_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_WANTED = ["*.json", "*.safetensors", "*.jinja", "*.model", "*.txt", "tokenizer*"]
"""What is fetched of a hub repository: no code and no pickles."""

_WEIGHTS = (".bin", ".safetensors", ".pt", ".pth", ".ckpt", ".npz", ".h5", ".msgpack")
_ADAPTERS = ("adapter_model.safetensors", "adapter_model.bin")
_OF_TRAINING = re.compile(r"(optimizer|scheduler|scaler|rng_state|training_args|pytorch_model_fsdp)[\w.-]*")
"""Files that training leaves in an adapter's folder and that no answer depends on."""

_CHUNK_BYTES = 16 * 2**20

_SMALL_BYTES = 64 * 2**20
"""Files up to here are hashed in each session, which takes a tenth of a second."""

_SAMPLES, _SAMPLE_BYTES = 64, 2**16
"""Pieces of a larger file that are looked at in each session."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A checkpoint or an adapter, as far as it can be known without loading it.

    Attributes:
        source: How the user named it.
        folder: Where its files are; None if they are not on this machine.
        revision: Commit of a hub repository; None for a local folder.
        problem: Why it cannot be used as it is, and what to do; "" if it can.
        fetchable: True if it seems to be a hub repository that has not been downloaded.
    """

    source: str
    folder: Path | None
    revision: str | None
    problem: str = ""
    fetchable: bool = False


def is_repository(source: str) -> bool:
    """Say whether a checkpoint's name can be a hub repository's."""
    return _REPOSITORY.fullmatch(source) is not None


def locate(source: str, revision: str | None, root: Path, kind: str = "model") -> Weights:
    """Find a checkpoint in a local folder or in the hub's cache; nothing is downloaded.

    Args:
        source: A folder, relative to ``root`` or absolute, or a hub repository ``owner/name``.
        revision: Commit, tag or branch of a repository.
        root: Folder of ``models.toml``.
        kind: ``model`` or ``adapter``; decides which files make it complete.
    """
    try:
        folder = root / Path(source).expanduser()
    except RuntimeError as error:  # ~ of somebody who is not known here
        return Weights(source, None, None, f"there is no folder {source}: {error}")
    if is_there(folder) and folder.is_dir():
        return Weights(source, folder, None, incomplete(folder, kind))
    if not is_repository(source):
        return Weights(source, None, None, f"there is no folder {shortened(str(folder))}")
    snapshot = _cached(source, revision)
    if snapshot is None:
        what = (
            f"its weights are not on this machine: {folder} is no folder and the hub's cache lacks {source}; "
            "'kurabe models --fetch NAME' gets them"
        )
        return Weights(source, None, revision, what, fetchable=True)
    return Weights(source, snapshot, snapshot.name, incomplete(snapshot, kind))


def fetch(source: str, revision: str | None) -> Path:
    """Download a hub repository's configuration and safetensors; return the snapshot's folder.

    Raises:
        ModelError: If the repository is gated, unknown or unreachable.
    """
    from huggingface_hub import list_repo_files, snapshot_download
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError

    try:
        files = list_repo_files(source, revision=revision)
        if "adapter_config.json" in files and (beside := unread_weights(files)):
            raise ModelError(f"{source}: {beside}")
        return Path(snapshot_download(source, revision=revision, allow_patterns=_WANTED))
    except ModelError:
        raise
    except GatedRepoError as error:
        raise ModelError(
            f"{source} is gated: accept its licence on the hub's page, then log in with 'hf auth login'"
        ) from error
    except RevisionNotFoundError as error:
        raise ModelError(f"{source} has no revision {revision!r}: correct it in models.toml") from error
    except RepositoryNotFoundError as error:
        raise ModelError(
            f"the hub has no repository {source}, or it is private: correct the name or log in with "
            "'hf auth login'"
        ) from error
    except Exception as error:
        # The client's network errors come from several libraries without a common class.
        raise ModelError(
            f"{source} could not be fetched ({type(error).__name__}: {error}). Is the hub reachable? If not, "
            "copy the checkpoint into a folder and name that as 'checkpoint'"
        ) from error


def unread_weights(files: Iterable[str]) -> str:
    """Say which files beside an adapter hold trained weights that nobody would load; "" if there are none.

    Some training scripts leave what is no LoRA there, such as the projector: without it the adapter would
    answer unlike it was trained.

    Args:
        files: The names of the files in the adapter's folder.
    """
    found = sorted(
        name
        for name in files
        if "/" not in name
        and name.endswith(_WEIGHTS)
        and name not in _ADAPTERS
        and not _OF_TRAINING.fullmatch(name)
    )
    if not found:
        return ""
    return (
        f"{', '.join(found)} beside the adapter {'holds' if len(found) == 1 else 'hold'} weights that are "
        "not loaded, so it would not answer as it was trained. Merge all of it into its base where it was "
        "trained and name that as checkpoint; move files that do not belong to it elsewhere."
    )


def _cached(source: str, revision: str | None) -> Path | None:
    from_environment = os.environ.get("HF_HUB_CACHE") or (
        str(Path(os.environ["HF_HOME"]) / "hub") if "HF_HOME" in os.environ else "~/.cache/huggingface/hub"
    )
    # The client library takes half a second to import; most entries of models.toml are not on the machine.
    if not is_there(Path(from_environment).expanduser() / f"models--{source.replace('/', '--')}"):
        return None
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        return Path(snapshot_download(source, revision=revision, local_files_only=True))
    except (LocalEntryNotFoundError, OSError):
        return None


def incomplete(folder: Path, kind: str = "model") -> str:
    """Say what a checkpoint's folder lacks; "" if nothing.

    Pickled weights are refused: they run code when they are loaded.
    """
    config = folder / ("config.json" if kind == "model" else "adapter_config.json")
    if not config.is_file():
        return f"{folder} has no {config.name}: it is no {'checkpoint' if kind == 'model' else 'adapter'}"
    shards = weight_files(folder)
    if not shards:
        pickles = [*folder.glob("*.bin"), *folder.glob("*.pt"), *folder.glob("*.pth")]
        if pickles:
            return (
                f"{folder} holds pickled weights only ({pickles[0].name}), which run code when loaded: "
                "convert them to safetensors (load where you trust them, then "
                "save_pretrained(..., safe_serialization=True))"
            )
        return f"{folder} has no weights: *.safetensors are missing"
    for shard in shards:
        if broken := _truncated(shard):
            return f"{shard} {broken}: if a download stopped half way, fetch it again"
    for index in folder.glob("*.safetensors.index.json"):
        try:
            named = set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values())
        except (ValueError, LookupError, TypeError, AttributeError):
            return f"{index} is damaged: fetch it again"
        missing = sorted(name for name in named if not (folder / name).is_file())
        if missing:
            return f"{folder} lacks {', '.join(missing)}, which {index.name} names: fetch it again"
    return ""


def weight_files(folder: Path) -> list[Path]:
    """Return the safetensors files of a folder, sorted."""
    return sorted(folder.glob("*.safetensors"))


def tensor_bytes(folder: Path) -> int:
    """Return the size in bytes of all weights of a folder."""
    return sum(path.stat().st_size for path in weight_files(folder))


def read_ahead(folder: Path) -> int:
    """Read the weights of a folder, so that the system has them in memory when they are loaded.

    Returns:
        The bytes read; 0 where they would take memory that programs use, or cannot be read, which loading
        will tell.
    """
    try:
        if tensor_bytes(folder) > psutil.virtual_memory().available:
            return 0
        buffer, read = bytearray(_CHUNK_BYTES), 0
        for path in weight_files(folder):
            with path.open("rb", buffering=0) as file:
                while count := file.readinto(buffer):
                    read += count
    except OSError:
        return 0
    return read


def _truncated(path: Path) -> str:
    """Compare a safetensors file's size with what its header announces."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
        length = int.from_bytes(start, "little")
        if len(start) < 8 or length > size - 8:
            return f"is cut off ({size} bytes)"
        try:
            header = json.loads(file.read(length))
            ends = [value["data_offsets"][1] for key, value in header.items() if key != "__metadata__"]
        except (ValueError, LookupError, TypeError, AttributeError):
            return "is no safetensors file"
    expected = 8 + length + max(ends, default=0)
    return f"is cut off ({size} of {expected} bytes)" if size < expected else ""


class Hasher:
    """SHA-256 of files. Those of large ones are remembered until something shows that a file is another.

    A file may be swapped for another of equal size, whose time was set back. So small files are always read,
    and a large one has to agree in samples, too, and in the time that the system itself takes down.
    """

    def __init__(self, memory: Path | None) -> None:
        self._memory = memory
        self._known: dict[str, str] = {}
        self._small: dict[str, str] = {}
        if memory is not None and memory.is_file():
            try:
                self._known = dict(json.loads(memory.read_text(encoding="utf-8")))
            except (ValueError, TypeError):
                self._known = {}  # half-written by a killed run; the hashes are taken again

    @property
    def place(self) -> Path | None:
        """The folder of what is remembered; None if nothing is."""
        return None if self._memory is None else self._memory.parent

    def file(self, path: Path) -> str:
        """Return the hexadecimal digest of a file."""
        state = path.stat()
        key = f"{path.resolve()}|{state.st_size}|{state.st_mtime_ns}|{state.st_ctime_ns}|{state.st_ino}"
        if state.st_size <= _SMALL_BYTES:
            if key not in self._small:
                self._small[key] = _digest(path)
            return self._small[key]
        key += f"|{_samples(path, state.st_size)}"
        if key not in self._known:
            self._known[key] = _digest(path)
            if self._memory is not None:
                with suppress(OSError):  # then it is taken again the next time
                    write_text(self._memory, json.dumps(self._known))
        return self._known[key]

    def folder(self, folder: Path) -> str:
        """Return one digest for all files directly in a folder that decide what a model answers."""
        files = sorted(p for p in folder.iterdir() if p.is_file() and p.suffix != ".md" and p.name[0] != ".")
        lines = "".join(f"{path.name} {self.file(path)}\n" for path in files)
        return hashlib.sha256(lines.encode()).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _samples(path: Path, size: int) -> str:
    """Return a digest of a file's beginning and end, and of pieces between."""
    found = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        for number in range(_SAMPLES):
            file.seek(max(0, size - _SAMPLE_BYTES) * number // (_SAMPLES - 1))
            found.update(file.read(_SAMPLE_BYTES))
    return found.hexdigest()
