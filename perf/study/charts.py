"""The study's figures as SVG, drawn by Vega-Lite."""

import json
from typing import Any

import pandas as pd

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
COLOURS = {
    "pixel-diff": "#8c8c8c",
    "base": "#555555",
    "adapter": "#2f7ed8",
    "adapter with linking": "#d9730d",
}
VARIANTS = ["raw", "n-soartc", "soart3"]
_CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "white",
    "padding": 8,
    "view": {"stroke": None},
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "gridColor": "#e6e6e6",
             "domainColor": "#999999", "tickColor": "#999999"},
    "header": {"labelFontSize": 13, "labelFontWeight": "bold", "title": None},
    "legend": {"labelFontSize": 12, "title": None, "orient": "top", "labelLimit": 300},
}  # fmt: skip


def svg(spec: dict[str, Any]) -> str:
    """Draw a specification."""
    import vl_convert

    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": _CONFIG, **spec}
    return str(vl_convert.vegalite_to_svg(json.dumps(whole))) + "\n"


def _values(rows: pd.DataFrame) -> dict[str, Any]:
    return {"values": json.loads(rows.to_json(orient="records", double_precision=5))}


def _who(models: list[str]) -> dict[str, Any]:
    return {"domain": models, "range": [COLOURS[model] for model in models]}


def _estimates(place: dict[str, Any], extent: dict[str, Any], size: int = 90) -> list[dict[str, Any]]:
    """Return the layers of points with intervals: ``value``, ``low``, ``high``."""
    along = next(iter(extent))
    return [
        {"mark": {"type": "rule", "strokeWidth": 2},
         "encoding": {**place, along: {"field": "low", **extent[along]}, f"{along}2": {"field": "high"}}},
        {"mark": {"type": "point", "filled": True, "size": size, "opacity": 1},
         "encoding": {**place, along: {"field": "value", **extent[along]}}},
    ]  # fmt: skip


def sight(rows: pd.DataFrame) -> str:
    """Draw the base on each suite.

    Args:
        rows: ``suite``, ``figure`` (the panel), ``value``, ``low``, ``high``.
    """
    panels = list(dict.fromkeys(rows["figure"]))
    suites = list(dict.fromkeys(rows["suite"]))
    place = {
        "y": {"field": "suite", "type": "nominal", "sort": suites, "title": None},
        "color": {"field": "suite", "type": "nominal", "legend": None,
                  "scale": {"domain": suites, "range": ["#555555", "#555555", "#c0392b"]}},
    }  # fmt: skip
    extent = {"x": {"type": "quantitative", "scale": {"domain": [0, 1]}, "title": None,
                    "axis": {"format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1]}}}  # fmt: skip
    return svg(
        {
            "data": _values(rows),
            "facet": {"column": {"field": "figure", "type": "nominal", "sort": panels, "title": None}},
            "spec": {"width": 150, "height": 90, "layer": _estimates(place, extent)},
        }
    )


def variants(rows: pd.DataFrame, seeds: pd.DataFrame) -> str:
    """Draw balanced accuracy by model and variant.

    Args:
        rows: ``model``, ``variant``, ``value``, ``low``, ``high``.
        seeds: ``model``, ``variant``, ``value``, a row for each seed.
    """
    models = list(dict.fromkeys(rows["model"]))
    place = {
        "x": {"field": "model", "type": "nominal", "sort": models, "title": None,
              "axis": {"labels": False, "ticks": False}},
        "color": {"field": "model", "type": "nominal", "sort": models, "scale": _who(models)},
    }  # fmt: skip
    scale = {"domain": [min(0.4, float(rows["low"].min())), 1], "zero": False}
    extent = {"y": {"type": "quantitative", "scale": scale, "title": "balanced accuracy"}}
    chance = {
        "mark": {"type": "rule", "strokeDash": [4, 4], "color": "#999999"},
        "encoding": {"y": {"datum": 0.5, **extent["y"]}},
    }
    dots = {
        "transform": [{"filter": {"field": "part", "equal": "seed"}}],
        "mark": {"type": "point", "size": 28, "opacity": 0.7, "xOffset": 13},
        "encoding": {**place, "y": {"field": "value", **extent["y"]}},
    }
    whole = [{**layer, "transform": [{"filter": {"field": "part", "equal": "mean"}}]}
             for layer in _estimates(place, extent)]  # fmt: skip
    both = pd.concat([rows.assign(part="mean"), seeds.assign(part="seed")], ignore_index=True)
    return svg(
        {
            "data": _values(both),
            "facet": {"column": {"field": "variant", "type": "nominal", "sort": VARIANTS, "title": None}},
            "spec": {"width": 190, "height": 260, "layer": [chance, *whole, dots]},
        }
    )


def losses(curves: pd.DataFrame, final: pd.DataFrame) -> str:
    """Draw the trainings' curves beside the final loss on the pairs that all share.

    Args:
        curves: ``model``, ``seed``, ``step``, ``eval_loss``.
        final: ``model``, ``seed``, ``variant``, ``loss``; the base may be among them.
    """
    models = [model for model in COLOURS if model in set(final["model"])]
    colour = {"field": "model", "type": "nominal", "sort": models, "scale": _who(models)}
    log = {"type": "log", "nice": False}
    ticks = {"values": [digit * 10.0**power for power in range(-5, 2) for digit in (1, 2, 5)]}
    left = {
        "title": {
            "text": "while training: each run's own held-out records",
            "fontSize": 13,
            "anchor": "start",
        },
        "data": _values(curves),
        "width": 320,
        "height": 260,
        "mark": {"type": "line", "strokeWidth": 1.8, "point": {"size": 18}},
        "encoding": {
            "x": {"field": "step", "type": "quantitative", "title": "step", "axis": {"tickCount": 4}},
            "y": {
                "field": "eval_loss",
                "type": "quantitative",
                "scale": log,
                "axis": ticks,
                "title": "loss per answer token",
            },
            "color": colour,
            "detail": {"field": "seed", "type": "nominal"},
        },
    }
    right = {
        "title": {"text": "afterwards: the same records for all", "fontSize": 13, "anchor": "start"},
        "data": _values(final),
        "width": 380,
        "height": 260,
        "mark": {"type": "point", "filled": True, "size": 60, "opacity": 0.8},
        "encoding": {
            "x": {"field": "variant", "type": "nominal", "sort": [*VARIANTS, "all"], "title": None,
                  "axis": {"labelAngle": 0}},
            "xOffset": {"field": "model", "type": "nominal", "sort": models},
            "y": {"field": "loss", "type": "quantitative", "scale": log, "axis": ticks, "title": None},
            "color": colour,
        },
    }  # fmt: skip
    return svg({"hconcat": [left, right], "spacing": 30})


def kinds(rows: pd.DataFrame) -> str:
    """Draw the miss rates by kind and difficulty.

    Args:
        rows: ``what`` (kind or difficulty), ``group`` (which of both), ``model``, ``variant``, ``value``.
    """
    names = list(dict.fromkeys(rows["what"]))
    models = list(dict.fromkeys(rows["model"]))
    text = rows.assign(text=[f"{value:.0%}" for value in rows["value"]])
    shared = {
        "x": {
            "field": "model",
            "type": "nominal",
            "sort": models,
            "title": None,
            "axis": {"labelAngle": -30},
        },
        "y": {"field": "what", "type": "nominal", "sort": names, "title": None},
    }
    reds = {"domain": [0, 1], "interpolate": "rgb", "range": ["#f3f6fa", "#b03a2e"]}
    dark = {"test": "datum.value > 0.55", "value": "white"}
    return svg(
        {
            "data": _values(text),
            "facet": {"column": {"field": "variant", "type": "nominal", "sort": VARIANTS, "title": None}},
            "spec": {
                "width": 200,
                "height": {"step": 26},
                "layer": [
                    {"mark": {"type": "rect", "stroke": "white"},
                     "encoding": {**shared, "color": {
                         "field": "value", "type": "quantitative", "legend": None, "scale": reds}}},
                    {"mark": {"type": "text", "fontSize": 12},
                     "encoding": {**shared, "text": {"field": "text"},
                                  "color": {"condition": dark, "value": "#222222"}}},
                ],
            },
        }
    )  # fmt: skip


def sizes(rows: pd.DataFrame) -> str:
    """Draw balanced accuracy by the number of pairs that were learned from.

    Args:
        rows: ``pairs``, ``model``, ``panel``, ``value``, ``low``, ``high``.
    """
    panels = list(dict.fromkeys(rows["panel"]))
    models = list(dict.fromkeys(rows["model"]))
    numbers = sorted(set(rows["pairs"]))
    axis = {"values": numbers, "format": ",d", "labelAngle": 0}
    along = {
        "field": "pairs",
        "type": "quantitative",
        "title": "pairs learned from",
        "axis": axis,
        "scale": {"type": "log", "base": 2, "domain": [numbers[0] * 0.8, numbers[-1] * 1.25], "nice": False},
    }
    extent = {
        "type": "quantitative",
        "scale": {"domain": [0.45, 1], "zero": False},
        "title": "balanced accuracy",
    }
    place = {
        "x": along,
        "color": {"field": "model", "type": "nominal", "sort": models, "scale": _who(models)},
    }
    line = {
        "mark": {"type": "line", "strokeWidth": 1.5},
        "encoding": {**place, "y": {"field": "value", **extent}},
    }
    chance = {
        "mark": {"type": "rule", "strokeDash": [4, 4], "color": "#999999"},
        "encoding": {"y": {"datum": 0.5, **extent}},
    }
    return svg(
        {
            "data": _values(rows),
            "facet": {"column": {"field": "panel", "type": "nominal", "sort": panels, "title": None}},
            "spec": {"width": 300, "height": 220,
                     "layer": [chance, line, *_estimates(place, {"y": extent}, 60)]},
        }
    )  # fmt: skip
