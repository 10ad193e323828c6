"""The page's JavaScript libraries, taken from the Python packages that ship them.

DataTables (tables; MIT, with its notices in the file) comes with itables, Vega, Vega-Lite and Vega-Embed
(charts; BSD-3-Clause) with vl-convert. Nothing minified is kept in this repository.
"""

import re
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_cache_path

from kurabe.common.atomic import write_text
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
    kept = user_cache_path("kurabe", appauthor=False) / f"vega-{shipped}.js"
    try:
        return kept.read_text(encoding="utf-8")
    except OSError:
        pass
    import vl_convert

    # The snippet is wrapped in a statement, for the bundler lets no export through.
    code = vl_convert.javascript_bundle("globalThis.kurabeEmbed = vegaEmbed;") + _EXPORT
    with suppress(OSError):  # a home that cannot be written to costs a second, not the page
        write_text(kept, code)
    return code


_EXPORT = "\nexport const embed = globalThis.kurabeEmbed;\n"
