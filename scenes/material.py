"""What things are made of, as far as light is concerned."""

from dataclasses import dataclass

Colour = tuple[float, float, float]
"""Linear red, green, blue; 1 is a white sheet of paper in the key light."""


@dataclass(frozen=True, slots=True)
class Material:
    """How a surface answers to light.

    Attributes:
        colour: Share of light that is scattered (of a metal: mirrored), per channel.
        metal: 0 for paint and plastic, 1 for bare metal; between them the two looks mix.
        gloss: Strength of the highlight and of the mirrored surroundings, 0 to 1.
        sharp: Highlights are raised to the power 2**sharp; 3 is satin, 7 is polished.
        grain: How much the brightness varies over the surface, as a share.
        bump: How much the normal varies over the surface.
    """

    colour: Colour
    metal: float = 0.0
    gloss: float = 0.2
    sharp: int = 4
    grain: float = 0.04
    bump: float = 0.02


GOLD = Material((0.95, 0.66, 0.25), metal=1.0, gloss=0.9, sharp=5, grain=0.04, bump=0.03)
TIN = Material((0.78, 0.79, 0.80), metal=1.0, gloss=0.8, sharp=4, grain=0.06, bump=0.04)
SOLDER = Material((0.72, 0.74, 0.77), metal=1.0, gloss=0.9, sharp=5, grain=0.06, bump=0.06)
