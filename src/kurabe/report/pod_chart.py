"""The curve of a probability of detection as an SVG picture, drawn by Vega-Lite without a browser."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from kurabe.report.pod import Curve

_CHANCES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97)
"""Probabilities at which the limit is computed; between them it is drawn straight."""


def pod_svg(curve: Curve, words: Mapping[str, str]) -> str:
    """Return the curve with its limit and the parts, as SVG; "" where there is no curve."""
    import vl_convert

    return "" if curve.fit is None else str(vl_convert.vegalite_to_svg(_spec(curve, words)))


def _spec(curve: Curve, words: Mapping[str, str]) -> dict[str, Any]:
    fit = curve.fit
    assert fit is not None
    low, high = float(curve.sizes.min()), float(curve.sizes.max())
    grid = np.geomspace(low, high, 80) if fit.log else np.linspace(low, high, 80)
    line = [{"size": float(a), "pod": float(p)} for a, p in zip(grid, fit.at(grid), strict=True)]
    limits = [(fit.limit(p), p) for p in _CHANCES]
    bound = [{"size": a, "pod": p} for a, p in limits if a is not None and low <= a <= high]
    scale = {"type": "log" if fit.log else "linear", "domain": [low, high], "nice": False}
    x = {
        "field": "size", "type": "quantitative", "scale": scale, "title": words["size_axis"],
        "axis": {"grid": False, "tickCount": 8},
    }  # fmt: skip
    y = {
        "field": "pod", "type": "quantitative", "scale": {"domain": [-0.04, 1.04], "nice": False},
        "title": words["pod_axis"],
        "axis": {"values": [0, 0.25, 0.5, 0.75, 0.9, 1], "format": ".0%"},
    }  # fmt: skip
    parts = [
        {"size": float(size), "pod": 1.02 if hit else -0.02}
        for size, hit in zip(curve.sizes, curve.hit, strict=True)
    ]
    layers: list[dict[str, Any]] = [
        {"data": {"values": parts}, "mark": {"type": "tick", "color": "#5b636d", "opacity": 0.55, "size": 9}},
        {"data": {"values": bound}, "mark": {"type": "line", "strokeDash": [5, 3], "color": "#1f5fbf"}},
        {"data": {"values": line}, "mark": {"type": "line", "color": "#1f5fbf", "strokeWidth": 2.4}},
    ]
    layers = [layer | {"encoding": {"x": x, "y": y}} for layer in layers]
    for name, dash in (("a90", [1, 0]), ("a90_95", [5, 3])):
        at = curve.row[name]
        if at is not None and low <= at <= high:
            mark = {"type": "rule", "color": "#b42318", "strokeDash": dash}
            layers.append({"data": {"values": [{"size": at}]}, "mark": mark, "encoding": {"x": x}})
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": 640, "height": 210, "layer": layers,
        "config": {"view": {"stroke": None}, "font": "sans-serif", "background": "transparent"},
    }  # fmt: skip
