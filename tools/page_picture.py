"""Take the pictures of the page that the docs show: ``uv run python tools/page_picture.py``.

They are of the newest run under ``reports/``; make one first with ``uv run pytest benchmark -k connector``.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> None:
    """Write ``docs/pictures/page.png`` and ``docs/pictures/page-trial.png``."""
    from PIL import Image

    from tests.support.browser import COMPLETE, HOW, QUIET, chromium

    with sync_playwright() as playwright:
        path = chromium(playwright)
        if path is None:
            raise SystemExit(HOW)
        page = playwright.chromium.launch(executable_path=path, args=QUIET).new_page(
            viewport={"width": 1280, "height": 860}
        )
        page.goto((ROOT / "reports/index.html").as_uri())
        page.wait_for_selector(COMPLETE, state="attached")
        page.screenshot(path=ROOT / "docs/pictures/page.png")
        page.locator(".card.correct a").first.click()
        page.locator("#viewer-stage img").last.evaluate("(image) => image.decode()")
        page.screenshot(path=ROOT / "docs/pictures/page-trial.png")
    for name in ("page.png", "page-trial.png"):
        with Image.open(ROOT / "docs" / "pictures" / name) as picture:
            small = picture.convert("RGB").quantize(192)  # a third of the size, and no one sees it
        small.save(ROOT / "docs" / "pictures" / name, optimize=True)


if __name__ == "__main__":
    main()
