"""English words that only describe what is seen, by what inspections look at; see `words`.

None of them says that something is wrong, or that it is otherwise than it was.
"""

DESCRIPTIONS: dict[str, str] = {
    # How a thing is, and what it is made of.
    "g": """
        filled with, made from, made out of, covered with, coated with, consisting of, composed of,
        equipped with,
        grainy surface, grainy texture, rough surface, brown surface, woven, knitted, braided, ribbed,
        textured,
        patterned, printed on, engraved, embossed, stamped, moulded, molded, cast, machined, polished,
        brushed,
        painted, varnished, lacquered, plated, anodised, anodized, galvanised, galvanized, translucent,
        opaque,
        amber, turquoise, violet, maroon, magenta, cyan, navy, teal, bronze, reddish, greenish, bluish,
        yellowish,
        brownish, greyish, grayish, whitish, two-tone, light brown, dark brown, dark green, dark blue,
        light blue,
        light green, green-yellow, yellow-green, hexagonal, octagonal, triangular, spherical, conical,
        curved,
        elongated, six-sided, symmetric, tubular, threaded, knurled, slotted, soldered, glued, welded,
        inserted,
        fastened, attached, connected, located, situated, visible through, seen from, photographed from,
        depicted,
        pictured, embedded, seated in, inserted into, plugged into, mounted on, attached to, located in,
        located at, located on, surrounded by, topped with, dotted with, baked, golden-brown, crisp, fresh,
        leather, rubber, cotton, wool, linen, nylon, polyester, silk, paper, cardboard, foil, foam, wood,
        stone,
        marble, concrete, aluminium, aluminum, iron, stainless, zinc, nickel, tin, epoxy, silicone, ceramic,
        porcelain, wax, half black, half orange, half white, half red, industrial-grade, medical,
        automotive,
        household, commercial, sugary, diagonal, diagonally, vertically, lengthwise, crosswise, sideways,
        repeating,
        striped, checked, chequered, dotted, speckled, marbled, natural, synthetic, artificial, small-sized,
        medium-sized, mid-sized, strong, heavy, thick-walled, wide-angle, macro, studio, neutral,
        uniform grey,
        featureless, cloudless, upright, inside, outside, twin, double, triple, alternating
    """,
    # What it consists of, and what lies about it.
    "Q": """
        liquid, juice, fluid, water, powder, bristles, bristle, leg, legs, foot, feet, neck, shoulder,
        collar,
        weave, yarn, yarns, fibre pattern, seam, seams, stitch, stitches, stitching, hem, fold lines,
        grain pattern,
        pores of the leather, shell, kernel, chocolate chips, crumb, topping, filling, icing, sugar,
        crust, dough,
        microchip, microchips, microcontroller, ic, ics, processor, diode, diodes, inductor, inductors,
        coil, coils,
        crystal, oscillator, trace pattern, via, vias, test point, test points, pad pattern, solder mask,
        silkscreen,
        footprint, footprints, pinout, edge connector, ribbon, conductor, conductors, core, cores,
        sheath, sleeve,
        jacket, crimp, ferrule, plug face, receptacle, cavity, cavities, keyway, rib, ribs, boss, bosses,
        flange,
        shaft, hub, spoke, spokes, rim edge, tread, facet, facets, slider, puller, pull, tape, tapes,
        backing, liner,
        barcode label, expiry date, lot number, part number, model number, brand, brand name, trademark,
        symbol,
        symbols, icon, arrow, arrows, digit, digits, character, characters, word, words, numeral,
        numerals, picture
        of, image of, photo of, photograph of, view of, illustration, drawing of, orange, lemon, cherry,
        apple, fruit,
        machine screw, hex nut, hexagon nut, head, heads, shank, drive, recess, opening, openings,
        cut-out, cutout,
        cutouts, frame edge, grid, mesh, ground, floor, belt, conveyor, conveyor belt, tabletop, workbench,
        support, holder, fixture, stand, tray surface, backdrop surface, sheet, strip, strips, bands, band,
        layer, layers, tissue, lining, patch, plank, planks, knot pattern, growth rings, veneer,
        tile surface
    """,
    "G": "closed, shut, interlock, interlocks, interlocked, interlocking, snug, snugly",
}
