"""Parquet and Arrow files, read with pyarrow, which is an extra: `pip install "kurabe[import]"`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kurabe.common.errors import KurabeError

_ROWS = 1024
"""Rows that are in memory together."""


def _pyarrow(path: Path) -> Any:
    try:
        import pyarrow
    except ImportError:
        raise KurabeError(
            f"{path}: reading it needs pyarrow, which is not installed: pip install 'kurabe[import]'"
        ) from None
    return pyarrow


def parquet_rows(path: Path, needed: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Give the rows of a Parquet file.

    Raises:
        KurabeError: If pyarrow is missing, the file cannot be read, or a needed column is missing.
    """
    _pyarrow(path)
    from pyarrow import ArrowException, parquet

    try:
        with parquet.ParquetFile(path) as file:
            missing = [name for name in needed if name not in file.schema_arrow.names]
            if missing:
                known = ", ".join(file.schema_arrow.names)
                raise KurabeError(f"{path}: the column {missing[0]!r} is missing (there are: {known})")
            for batch in file.iter_batches(batch_size=_ROWS):
                yield from batch.to_pylist()
    except (ArrowException, OSError) as error:
        raise KurabeError(f"{path}: cannot be read as Parquet: {error}") from error


def arrow_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Give the rows of an Arrow file as `datasets` saves it.

    Raises:
        KurabeError: If pyarrow is missing, or the file cannot be read.
    """
    pyarrow = _pyarrow(path)
    try:
        with pyarrow.memory_map(str(path)) as file, pyarrow.ipc.open_stream(file) as stream:
            for batch in stream:
                for start in range(0, batch.num_rows, _ROWS):
                    yield from batch.slice(start, _ROWS).to_pylist()
    except (pyarrow.ArrowException, OSError) as error:
        raise KurabeError(f"{path}: cannot be read as Arrow: {error}") from error
