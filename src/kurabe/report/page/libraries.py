"""The page's JavaScript libraries, taken from the Python packages that ship them.

DataTables (tables; MIT, with its notices in the file) comes with itables, Vega, Vega-Lite and Vega-Embed
(charts; BSD-3-Clause) with vl-convert. Nothing minified is kept in this repository.
"""

import os
import re
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from kurabe.common.errors import KurabeError


def datatables() -> str:
    """Return DataTables as an ES module whose default export is the class.

    Raises:
        KurabeError: If itables no longer ships the file.
    """
    # Not imported: itables imports pandas, and only one of its files is wanted.
    spec = find_spec("itables")
    path = Path(spec.origin).parent / "html/dt_bundle.js" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise KurabeError("itables ships no html/dt_bundle.js: pip install the version in constraints.txt")
    return path.read_text(encoding="utf-8")


def vega() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as an ES module that exports ``embed``.

    vl-convert takes over a second to put the module together, so it is kept in the user's cache.
    """
    shipped = re.sub(r"[^\w.-]", "_", version("vl-convert-python"))
    kept = _cache() / f"vega-{shipped}.js"
    try:
        return kept.read_text(encoding="utf-8")
    except OSError:
        pass
    import vl_convert

    # The snippet is wrapped in a statement, for the bundler lets no export through.
    code = vl_convert.javascript_bundle("globalThis.kurabeEmbed = vegaEmbed;") + _EXPORT
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=kept.parent, delete=False, encoding="utf-8") as fresh:
            fresh.write(code)
        Path(fresh.name).replace(kept)
    except OSError:
        pass  # a home that cannot be written to costs a second, not the page
    return code


_EXPORT = "\nexport const embed = globalThis.kurabeEmbed;\n"


def _cache() -> Path:
    """Return the user's cache folder, where the platform wants it."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "kurabe/cache"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kurabe"
