"""Draws the pictures of the sample newsroom: `python draw.py [name ...]` writes `<name>.jpg` beside this file.

Needs Pillow and numpy, and the DejaVu fonts for the charts and maps. Every picture is seeded by its own name, so a
redraw gives the same picture. Colours are floats from 0 to 1; an image is an array of height x width x 3.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

HERE = Path(__file__).parent
FONTS = Path("/usr/share/fonts/truetype/dejavu")
WIDE, TALL = (1200, 1800), (1600, 1200)  # height, width
LARGEST = 250_000  # bytes
Array = np.ndarray
Draw = ImageDraw.ImageDraw

# --- tools -----------------------------------------------------------------------------------------------------------


def colour(text: str) -> Array:
    return np.array([int(text[i : i + 2], 16) for i in (0, 2, 4)]) / 255


def seeded(name: str) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(name.encode()))


def resized(values: Array, height: int, width: int) -> Array:
    return np.asarray(Image.fromarray(values.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC))


def noise(rng: np.random.Generator, size: tuple[int, int], cells: tuple[int, int], octaves: int = 5) -> Array:
    """Smooth fractal noise around 0, between about -1 and 1; `cells` is its coarsest grid (rows, columns)."""
    total, strength = np.zeros(size), 1.0
    for octave in range(octaves):
        rows, columns = cells[0] * 2**octave + 3, cells[1] * 2**octave + 3
        if rows > size[0] or columns > size[1]:
            break
        total += strength * resized(rng.uniform(-1, 1, (rows, columns)), *size)
        strength /= 2
    return total / 1.4


def wave(rng: np.random.Generator, width: int, cells: int, octaves: int = 6) -> Array:
    """One line of fractal noise, for a ridge or a shore."""
    total, at = np.zeros(width), np.linspace(0, 1, width)
    for octave in range(octaves):
        knots = cells * 2**octave + 1
        total += np.interp(at, np.linspace(0, 1, knots), rng.uniform(-1, 1, knots)) / 2**octave
    return total


def gradient(size: tuple[int, int], *stops: tuple[float, str]) -> Array:
    """From top to bottom, through `stops` (position from 0 to 1, colour)."""
    at = np.linspace(0, 1, size[0])
    places = [place for place, _ in stops]
    tints = np.array([colour(text) for _, text in stops])
    column = np.stack([np.interp(at, places, tints[:, i]) for i in range(3)], axis=1)
    return np.repeat(column[:, None, :], size[1], axis=1)


def blurred(values: Array, across: int, down: int | None = None) -> Array:
    """Three box blurs, near enough to a Gaussian one; radii in pixels."""
    for axis, radius in ((1, across), (0, across if down is None else down)):
        if radius < 1:
            continue
        for _ in range(3):
            pad = [(0, 0)] * values.ndim
            pad[axis] = (radius + 1, radius)
            sums = np.cumsum(np.pad(values, pad, mode="edge"), axis=axis)
            width = 2 * radius + 1
            ahead = np.take(sums, range(width, sums.shape[axis]), axis=axis)
            values = (ahead - np.take(sums, range(sums.shape[axis] - width), axis=axis)) / width
    return values


def shape(size: tuple[int, int], draw: Callable[[Draw, float], None], scale: int = 2) -> Array:
    """A mask from 0 to 1: `draw(pen, s)` paints 255 on black, every coordinate multiplied by s, for smooth edges."""
    sheet = Image.new("L", (size[1] * scale, size[0] * scale), 0)
    draw(ImageDraw.Draw(sheet), scale)
    return np.asarray(sheet.resize((size[1], size[0]), Image.Resampling.LANCZOS)) / 255


def over(image: Array, tint: str | Array, alpha: Array | float) -> Array:
    tint = colour(tint) if isinstance(tint, str) else tint
    alpha = np.asarray(alpha)
    return image + (tint - image) * (alpha[..., None] if alpha.ndim == 2 else alpha)


def lit(image: Array, tint: str, amount: Array) -> Array:
    return image + colour(tint) * amount[..., None]


def coordinates(size: tuple[int, int]) -> tuple[Array, Array]:
    rows, columns = np.mgrid[0 : size[0], 0 : size[1]].astype(float)
    return rows, columns


def font(px: int, face: str = "DejaVuSans") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{face}.ttf"), px)


def printed(image: Array, draw: Callable[[Draw], None], scale: int = 2) -> Array:
    """Draw in colour on top of `image`, at `scale` times its size."""
    height, width = image.shape[:2]
    sheet = Image.fromarray((image.clip(0, 1) * 255).astype(np.uint8))
    sheet = sheet.resize((width * scale, height * scale), Image.Resampling.BICUBIC)
    draw(ImageDraw.Draw(sheet))
    return np.asarray(sheet.resize((width, height), Image.Resampling.LANCZOS)) / 255


def paper(rng: np.random.Generator, size: tuple[int, int], tint: str = "f4efe4") -> Array:
    fibre = noise(rng, size, (60, 90), 4)
    return np.ones((*size, 3)) * colour(tint) + (fibre * 0.008)[..., None]


def reflected(rng: np.random.Generator, image: Array, horizon: int, ripple: float, dim: float, tint: str) -> Array:
    """Fill everything below `horizon` with the scene above it, mirrored in moving water."""
    height, width = image.shape[:2]
    depth = np.arange(1, height - horizon + 1)[:, None].astype(float)
    near = depth / depth.max()
    texture = noise(rng, (1400, 1400), (24, 24), 5)
    columns = np.arange(width)[None, :]
    u = ((columns - width / 2) / (near * 3 + 0.35) * 0.55 + 700) % 1400
    v = (2600 / (near * 5 + 0.35) + 0 * columns) % 1400
    push = texture[v.astype(int) % 1400, u.astype(int) % 1400]
    push = blurred(push, 2, 1) * ripple * (0.1 + near)
    stretched = blurred(image[:horizon], 1, 9)
    rows = np.clip(horizon - depth * 0.98 + push, 0, horizon - 1).astype(int)
    sides = np.clip(columns + push * 0.12, 0, width - 1).astype(int)
    water = over(stretched[rows, sides] * dim, tint, 0.25)
    water += (push / max(ripple, 1) * 0.05)[..., None]
    result = image.copy()
    result[horizon:] = water
    return result


def finished(rng: np.random.Generator, image: Array, grain: float = 0.012, dark: float = 0.25) -> Array:
    """Film grain, and corners a little darker."""
    height, width = image.shape[:2]
    rows, columns = coordinates((height, width))
    away = ((rows / height - 0.5) ** 2 + (columns / width - 0.5) ** 2) * 2
    image = image * (1 - dark * away**1.3)[..., None]
    speck = blurred(rng.normal(0, 1, (height, width)), 1) * 2.2
    return image + (speck * grain)[..., None]


def saved(name: str, image: Array) -> int:
    sheet = Image.fromarray((image.clip(0, 1) * 255 + 0.5).astype(np.uint8))
    for quality in range(84, 40, -2):
        path = HERE / f"{name}.jpg"
        sheet.save(path, quality=quality, optimize=True, progressive=True, subsampling="4:2:0")
        if path.stat().st_size <= LARGEST:
            return quality
    raise SystemExit(f"{name}: too large")


# --- places ----------------------------------------------------------------------------------------------------------


def river_dusk(rng: np.random.Generator) -> Array:
    size, horizon = WIDE, 700
    image = gradient(
        size, (0, "172540"), (0.22, "33466a"), (0.36, "8a7287"), (0.47, "dd9d7c"), (0.56, "f6cf98"), (1, "f6cf98")
    )
    cloud = noise(rng, size, (9, 3), 5)
    band = np.clip(cloud * 1.5 - 0.05, 0, 1) * np.linspace(1, 0.25, size[0])[:, None]
    image = over(image, "4d4a66", blurred(band, 6, 2) * 0.6)
    image = lit(image, "ff9a5a", blurred(np.clip(-cloud - 0.15, 0, 1), 4) * 0.10)
    rows = np.arange(size[0])[:, None]
    for lift, tint, rough in ((76, "7a6376", 26), (44, "503f58", 18)):
        ridge = horizon - lift - wave(rng, size[1], 5) * rough
        image = over(image, tint, np.clip(rows - ridge[None, :], 0, 1))
    towers = shape(size, lambda pen, s: _far_bank(rng, pen, s, horizon))
    image = over(image, "2c2940", towers)
    glow = shape(size, lambda pen, s: _lamps(rng, pen, s, horizon))
    image = over(image, "1d1c2f", shape(size, lambda pen, s: _bridge(pen, s, horizon), 3))
    bridge_lamps = shape(size, lambda pen, s: _bridge_lamps(pen, s, horizon), 3)
    for mask, tint in ((glow, "ffcf8a"), (bridge_lamps, "ffe0ac")):
        image = over(image, tint, mask)
        image = lit(image, tint, blurred(mask, 9) * 2.2 + blurred(mask, 30) * 2.0)
    image = reflected(rng, image, horizon, 46, 0.86, "1b2742")
    haze = np.exp(-(((rows - horizon) / 42.0) ** 2)) * np.ones((1, size[1]))
    image = over(image, "eab28c", haze * 0.22)
    return finished(rng, image, 0.011, 0.5)


def _far_bank(rng: np.random.Generator, pen: Draw, s: float, horizon: int) -> None:
    x = -10.0
    while x < 1810:
        width, tall = rng.uniform(22, 70), rng.uniform(14, 46) * (1.3 if 900 < x < 1500 else 0.9)
        pen.rectangle((x * s, (horizon - tall) * s, (x + width) * s, (horizon + 4) * s), fill=255)
        if rng.random() < 0.35:
            pen.polygon(
                [
                    (x * s, (horizon - tall) * s),
                    ((x + width / 2) * s, (horizon - tall - 14) * s),
                    ((x + width) * s, (horizon - tall) * s),
                ],
                fill=255,
            )
        x += width + rng.choice([0, 0, 3, 9])
    for centre, tall, wide in ((1240, 150, 13), (1272, 104, 8), (420, 112, 9)):
        pen.polygon(
            [
                ((centre - wide) * s, horizon * s),
                ((centre - wide) * s, (horizon - tall * 0.6) * s),
                (centre * s, (horizon - tall) * s),
                ((centre + wide) * s, (horizon - tall * 0.6) * s),
                ((centre + wide) * s, horizon * s),
            ],
            fill=255,
        )


def _lamps(rng: np.random.Generator, pen: Draw, s: float, horizon: int) -> None:
    for _ in range(80):
        x, y, r = rng.uniform(0, 1800), horizon - rng.uniform(5, 34), rng.uniform(0.8, 1.9)
        pen.ellipse(((x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s), fill=int(rng.uniform(120, 255)))


def _deck(x: float) -> float:
    return 86 + 44 * (1 - ((x - 760) / 1000) ** 2)


def _bridge(pen: Draw, s: float, horizon: int) -> None:
    across = range(-20, 1821, 10)
    top = [(x * s, (horizon - _deck(x)) * s) for x in across]
    pen.polygon([*top, (1820 * s, (horizon + 3) * s), (-20 * s, (horizon + 3) * s)], fill=255)
    for i in range(-1, 7):
        centre, half = 150 + i * 305, 132
        rise = _deck(centre) - 22
        arch = [
            ((centre + half * np.cos(a)) * s, (horizon + 6 - rise * np.sin(a)) * s) for a in np.linspace(0, np.pi, 80)
        ]
        pen.polygon([*arch, ((centre - half) * s, (horizon + 8) * s), ((centre + half) * s, (horizon + 8) * s)], fill=0)
    for x in range(-20, 1820, 14):
        y = horizon - _deck(x)
        pen.line((x * s, y * s, x * s, (y - 11) * s), fill=255, width=int(2 * s))
    pen.line([(x * s, (horizon - _deck(x) - 11) * s) for x in across], fill=255, width=int(2.4 * s))
    for x in range(65, 1800, 152):
        y = horizon - _deck(x)
        pen.line((x * s, y * s, x * s, (y - 54) * s), fill=255, width=int(2.6 * s))


def _bridge_lamps(pen: Draw, s: float, horizon: int) -> None:
    for x in range(65, 1800, 152):
        y, r = horizon - _deck(x) - 57, 4.2
        pen.ellipse(((x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s), fill=255)


def skyline_fog(rng: np.random.Generator) -> Array:
    size = WIDE
    image = gradient(size, (0, "b9c2c6"), (0.35, "d8d8d2"), (0.6, "ebe2d2"), (1, "c9cfcf"))
    rows, columns = coordinates(size)
    sun = np.exp(-((rows - 330) ** 2 + (columns - 1230) ** 2) / 2 / 190.0**2)
    image = lit(image, "fff1d2", sun * 0.17)
    layers = (
        (560, 150, 34, "c3c8c8"),
        (640, 190, 44, "a7b0b3"),
        (730, 220, 58, "869399"),
        (850, 230, 74, "5f6e76"),
        (1010, 230, 104, "38474f"),
    )
    for number, (base, tall, wide, tint) in enumerate(layers):
        image = over(
            image, tint, shape(size, lambda pen, s, b=base, t=tall, w=wide, n=number: _roofs(rng, pen, s, b, t, w, n))
        )
        fog = np.clip((rows - base + tall * 0.75) / (tall * 1.5), 0, 1) ** 1.4
        fog *= 0.78 + 0.22 * noise(rng, size, (4, 5), 4)
        image = over(image, "e3dfd6" if number < 4 else "a9b3b5", np.clip(fog, 0, 1) * (0.86 if number < 4 else 0.55))
    drift = np.clip(noise(rng, size, (7, 2), 4), 0, 1)
    image = over(image, "e9e4da", blurred(drift, 14) * 0.34)
    return finished(rng, image, 0.013, 0.35)


def _roofs(rng: np.random.Generator, pen: Draw, s: float, base: int, tall: int, wide: int, number: int) -> None:
    x = -30.0
    swell = wave(rng, 1900, 4, 2) * 0.3 + 0.55
    while x < 1820:
        width = wide * rng.uniform(0.6, 1.7)
        top = base - tall * swell[int(min(max(x, 0), 1899))] * rng.uniform(0.55, 1.0)
        pen.rectangle((x * s, top * s, (x + width) * s, 1200 * s), fill=255)
        kind = rng.random()
        if kind < 0.34:
            pen.polygon(
                [
                    ((x - 3) * s, top * s),
                    ((x + width / 2) * s, (top - width * 0.42) * s),
                    ((x + width + 3) * s, top * s),
                ],
                fill=255,
            )
        elif kind < 0.5:
            pen.rectangle(((x + width * 0.15) * s, (top - 12) * s, (x + width * 0.4) * s, top * s), fill=255)
        elif kind < 0.6:
            pen.line(
                ((x + width / 2) * s, top * s, (x + width / 2) * s, (top - tall * 0.32) * s),
                fill=255,
                width=int(max(1.6, number) * s),
            )
        if kind > 0.4 and rng.random() < 0.5:
            chimney = x + width * rng.uniform(0.2, 0.8)
            pen.rectangle(
                ((chimney - wide * 0.06) * s, (top - wide * 0.3) * s, (chimney + wide * 0.06) * s, top * s), fill=255
            )
        x += width + rng.choice([0, 0, 0, 2, wide * 0.25])
    spires = {1: ((1080, 300, 20),), 2: ((610, 330, 26), (655, 250, 15)), 3: ((1480, 330, 24),)}
    for centre, height, half in spires.get(number, ()):
        foot = base - height * 0.45
        pen.rectangle(((centre - half) * s, foot * s, (centre + half) * s, 1200 * s), fill=255)
        pen.polygon(
            [
                ((centre - half - 3) * s, foot * s),
                (centre * s, (base - height - 90) * s),
                ((centre + half + 3) * s, foot * s),
            ],
            fill=255,
        )


def hills(rng: np.random.Generator) -> Array:
    size = WIDE
    image = gradient(size, (0, "7f9db0"), (0.25, "b9c4c0"), (0.42, "efd9b8"), (0.5, "f6d9ab"), (1, "f2cfa0"))
    rows, columns = coordinates(size)
    disc = np.clip((46 - np.hypot(rows - 380, columns - 640)) / 2, 0, 1)
    image = over(image, "fff4da", disc * 0.85)
    image = lit(image, "ffd89a", np.exp(-((rows - 380) ** 2 + (columns - 640) ** 2) / 2 / 210.0**2) * 0.22)
    high = np.clip(noise(rng, size, (10, 3), 5), 0, 1) * np.clip(1 - rows / 420, 0, 1)
    image = over(image, "fbeedb", blurred(high, 8, 2) * 0.5)
    far, near = colour("d6bda6"), colour("12262c")
    for number in range(8):
        t = number / 7
        level = 470 + 610 * t**1.25
        rough = 46 + 60 * t
        ridge = (
            level
            - (wave(rng, size[1], 3 + number % 3, 7) + 0.35 * np.sin(np.linspace(0, 6, size[1]) + number * 1.9)) * rough
        )
        if number >= 5:
            ridge -= np.abs(wave(rng, size[1], 220, 3)) * (4 + 9 * (number - 5))
        mask = np.clip(rows - ridge[None, :], 0, 1)
        tint = far + (near - far) * t**0.8
        body = np.ones((*size, 3)) * tint
        below = np.clip((rows - ridge[None, :]) / (150 + 60 * t), 0, 1)
        body = over(body, "edd2b0", below * (0.5 * (1 - t) + 0.10))
        body += (noise(rng, size, (40, 60), 3) * 0.012 * t)[..., None]
        image = image * (1 - mask[..., None]) + body * mask[..., None]
    return finished(rng, image, 0.011, 0.4)


def grain_field(rng: np.random.Generator) -> Array:
    size, horizon = WIDE, 470
    image = gradient(size, (0, "6f92ad"), (0.2, "a3bac4"), (0.36, "dcd8c8"), (0.4, "e9dcc0"), (1, "e9dcc0"))
    rows, columns = coordinates(size)
    cloud = blurred(np.clip(noise(rng, size, (5, 3), 6) * 1.3 - 0.05, 0, 1), 3) * np.clip(1.15 - rows / horizon, 0, 1)
    image = over(image, "f7f1e6", cloud * 0.85)
    image = over(image, "93a0a8", blurred(np.roll(cloud, 26, axis=0) * np.clip(1 - cloud * 1.6, 0, 1), 8) * 0.35)
    for lift, tint, rough, teeth in ((26, "a3aa98", 12, 0), (10, "6d7a63", 6, 9)):
        ridge = horizon - lift - wave(rng, size[1], 4) * rough - np.abs(wave(rng, size[1], 150, 3)) * teeth
        image = over(image, tint, np.clip(rows - ridge[None, :], 0, 1))
    depth = np.clip((rows - horizon) / (size[0] - horizon), 1e-3, 1)
    bend = (columns - 1130) / (depth + 0.012) + 60 * np.sin(2.2 / (depth + 0.35))
    phase = bend / 245 * 2 * np.pi
    row_light = 0.5 + 0.5 * np.cos(phase)
    texture = noise(rng, (1600, 3200), (160, 320), 3)
    u = (bend * 0.42 + 1600).astype(int) % 3200
    v = (1150 / (depth + 0.08)).astype(int) % 1600
    fine = texture[v, u] + 0.7 * noise(rng, size, (150, 450), 2) * (0.3 + depth)
    tone = np.clip(0.16 + 0.72 * row_light**0.8 + fine * 0.24, 0, 1)
    tone = tone * np.clip(depth * 6, 0, 1) + 0.62 * (1 - np.clip(depth * 6, 0, 1))
    dark, light = colour("54401f"), colour("e6bf72")
    field = dark + (light - dark) * tone[..., None]
    field = over(field, "eadab4", np.exp(-depth * 7) * 0.75)
    field *= (1.06 - 0.36 * depth * (0.5 + 0.5 * noise(rng, size, (3, 3), 2)))[..., None]
    ground = np.clip(rows - horizon, 0, 1)[..., None]
    image = image * (1 - ground) + field * ground
    return finished(rng, image, 0.010, 0.4)


def harbour_cranes(rng: np.random.Generator) -> Array:
    size, horizon = WIDE, 820
    image = gradient(
        size, (0, "5b6a7c"), (0.3, "9b9594"), (0.5, "d9ab85"), (0.66, "f3cd98"), (0.69, "f5d6a8"), (1, "f5d6a8")
    )
    rows, columns = coordinates(size)
    cloud = noise(rng, size, (8, 2), 5)
    image = over(
        image, "6a6673", blurred(np.clip(cloud * 1.4 - 0.1, 0, 1), 10, 3) * 0.5 * np.clip(1 - rows / 800, 0, 1)
    )
    image = lit(
        image, "ffdf9e", np.exp(-((rows - 720) ** 2 / 2 / 120.0**2 + (columns - 620) ** 2 / 2 / 330.0**2)) * 0.28
    )
    for x, scale, tint, facing in (
        (1540, 0.46, "a98d7d", -1),
        (1390, 0.5, "a98d7d", 1),
        (330, 0.66, "7b6a66", 1),
        (1130, 0.86, "4c464d", -1),
        (700, 1.06, "2b2c36", 1),
    ):
        mask = shape(size, lambda pen, s, x=x, k=scale, f=facing: _crane(pen, s, x, horizon, k, f), 3)
        image = over(image, tint, mask)
        image = over(image, "eec08f", np.clip((rows - horizon + 150) / 210, 0, 1) * 0.20)
    quay = shape(size, lambda pen, s: _quay(rng, pen, s, horizon))
    image = over(image, "2a2a33", quay)
    image = reflected(rng, image, horizon, 44, 0.84, "2f3a49")
    return finished(rng, image, 0.012, 0.45)


def _crane(pen: Draw, s: float, x: float, ground: float, k: float, facing: int) -> None:
    """A level-luffing harbour crane: portal, cabin, mast, jib and rope. `k` is its size, `facing` 1 looks right."""

    def line(*points: tuple[float, float], width: float = 5) -> None:
        pen.line(
            [((x + px * k * facing) * s, (ground - py * k) * s) for px, py in points],
            fill=255,
            width=max(int(width * k * s), 2),
            joint="curve",
        )

    for leg in (-70, 70):
        line((leg, 0), (leg * 0.62, 190), width=15)
    line((-62, 70), (62, 70), width=7)
    line((-62, 70), (44, 186), width=4)
    line((62, 70), (-44, 186), width=4)
    line((-66, 196), (66, 196), width=20)
    line((-46, 238), (64, 238), width=66)
    line((-78, 232), (-40, 232), width=38)
    line((-24, 270), (-10, 440), width=8)
    line((36, 270), (-10, 440), width=8)
    for step in range(5):
        y = 285 + step * 30
        line((-24 + step * 2.6, y), (33 - step * 8, y + 16), width=3)
    foot, tip = np.array([56.0, 268.0]), np.array([352.0, 560.0])
    along = (tip - foot) / np.linalg.norm(tip - foot)
    side = np.array([-along[1], along[0]]) * 15
    line(tuple(foot + side), tuple(tip), width=6)
    line(tuple(foot - side), tuple(tip), width=6)
    for step in range(16):
        a, b = foot + (tip - foot) * step / 16, foot + (tip - foot) * (step + 1) / 16
        line(tuple(a + side * (1 - step / 16)), tuple(b - side * (1 - (step + 1) / 16)), width=2.6)
    line((-10, 440), tuple(tip), width=3)
    line((-10, 440), (200, 428), width=3.4)
    line((-10, 440), (-96, 300), width=6)
    line((-96, 300), (-96, 262), width=34)
    line(tuple(tip), (354, 128), width=2.6)
    line((340, 120), (368, 120), width=14)


def _quay(rng: np.random.Generator, pen: Draw, s: float, horizon: int) -> None:
    pen.rectangle((0, (horizon - 12) * s, 1800 * s, (horizon + 2) * s), fill=255)
    for start, end in ((0, 240), (860, 1040), (1260, 1800)):
        x = float(start)
        while x < end:
            high = int(rng.integers(1, 4))
            pen.rectangle((x * s, (horizon - 12 - high * 22) * s, (x + 52) * s, horizon * s), fill=255)
            x += 54 + rng.choice([0, 0, 0, 30])


def pylons(rng: np.random.Generator) -> Array:
    size = WIDE
    image = gradient(size, (0, "8fa3b4"), (0.4, "c6ccce"), (0.62, "e8dfd3"), (0.75, "dcd8cf"), (1, "8b9691"))
    rows, columns = coordinates(size)
    image = lit(
        image, "ffe6c4", np.exp(-((rows - 640) ** 2 / 2 / 170.0**2 + (columns - 420) ** 2 / 2 / 420.0**2)) * 0.14
    )
    towers = [
        (1650, 1130, 1.5),
        (1130, 930, 0.84),
        (835, 838, 0.52),
        (655, 790, 0.34),
        (540, 762, 0.235),
        (462, 745, 0.165),
    ]
    tints = ["2d3a42", "5a6a72", "808d92", "a1aaab", "b9bebc", "c8cac5"]
    for level, tint, rough in (
        (720, "c3c6c0", 14),
        (790, "a9b0ab", 18),
        (880, "87928e", 20),
        (1010, "5f6d6a", 26),
        (1110, "35443f", 20),
    ):
        ridge = level - wave(rng, size[1], 4) * rough - np.abs(wave(rng, size[1], 160, 3)) * (level - 690) * 0.03
        image = over(image, tint, np.clip(rows - ridge[None, :], 0, 1))
        mist = np.clip((rows - level) / 130, 0, 1) * (0.75 + 0.25 * noise(rng, size, (4, 4), 4))
        image = over(image, "dfdcd4", np.clip(mist, 0, 1) * (0.8 if level < 1000 else 0.3))
        for index, (x, ground, k) in reversed(list(enumerate(towers))):
            if abs(ground - level) < 60 or (level == 720 and ground < 800):
                image = over(
                    image, tints[index], shape(size, lambda pen, s, x=x, g=ground, k=k: _pylon(pen, s, x, g, k), 3)
                )
    for index in range(5):
        wires = shape(size, lambda pen, s, i=index: _wires(pen, s, towers[i + 1], towers[i]), 3)
        image = over(image, tints[index], wires * 0.8)
    edge = shape(size, lambda pen, s: _wires(pen, s, towers[0], (2600, 1500, 3.1)), 3)
    image = over(image, tints[0], edge * 0.9)
    return finished(rng, image, 0.013, 0.35)


ARMS = ((430, 92), (520, 120), (610, 80))


def _pylon(pen: Draw, s: float, x: float, ground: float, k: float) -> None:
    def line(*points: tuple[float, float], width: float = 5) -> None:
        pen.line(
            [((x + px * k) * s, (ground - py * k) * s) for px, py in points], fill=255, width=max(int(width * k * s), 1)
        )

    def half(y: float) -> float:
        return 74 - 58 * min(y / 400, 1) if y < 400 else 16 - 14 * (y - 400) / 290

    for side in (-1, 1):
        line(*[(side * half(y), y) for y in range(-30, 691, 30)], width=6)
    levels = [0, 120, 215, 290, 350, 400, 445, 490, 535, 580, 625, 665]
    for low, high in zip(levels, levels[1:], strict=False):
        line((-half(low), low), (half(high), high), width=3)
        line((half(low), low), (-half(high), high), width=3)
    for y, reach in ARMS:
        for side in (-1, 1):
            line((side * half(y), y + 20), (side * reach, y), (side * half(y), y - 2), width=4)
            line((side * reach, y), (side * reach, y - 26), width=4)


def _wires(pen: Draw, s: float, a: tuple[float, float, float], b: tuple[float, float, float]) -> None:
    for y, reach in ARMS:
        for side in (-1, 1):
            start = np.array([a[0] + side * reach * a[2], a[1] - (y - 26) * a[2]])
            end = np.array([b[0] + side * reach * b[2], b[1] - (y - 26) * b[2]])
            points = []
            for t in np.linspace(0, 1, 60):
                eased = t * a[2] / (t * a[2] + (1 - t) * b[2])  # nearer parts of a wire look longer
                point = start + (end - start) * eased
                sag = 4 * eased * (1 - eased) * 62 * (a[2] + (b[2] - a[2]) * eased)
                points.append((point[0] * s, (point[1] + sag) * s))
            pen.line(points, fill=255, width=max(int(1.6 * b[2] * s), 1))


# --- rooms and walls -------------------------------------------------------------------------------------------------


def night_windows(rng: np.random.Generator) -> Array:
    size = TALL
    image = gradient(size, (0, "1c2738"), (0.6, "222c3b"), (1, "161d29"))
    image += (noise(rng, size, (50, 40), 4) * 0.012)[..., None]
    wide, tall = 200, 200
    seams = shape(size, lambda pen, s: _seams(pen, s, wide, tall))
    image = over(image, "0e141e", blurred(seams, 1) * 0.8)
    streak = np.clip(noise(rng, size, (3, 60), 3), 0, 1)
    image = over(image, "0f1621", streak * 0.35)
    glow = np.zeros((*size, 3))
    warm = ("ffc673", "ffb35c", "ffd99a", "f5e2b8", "e9c89c", "ffa64d", "bcd3e6")
    for row in range(8):
        for column in range(6):
            x, y = column * wide + 46, row * tall + 44
            state = rng.random()
            pane = _pane(rng, state, colour(str(rng.choice(warm, p=[0.24, 0.2, 0.2, 0.12, 0.1, 0.08, 0.06]))))
            high, across = pane.shape[:2]
            frame = image[y - 5 : y + high + 5, x - 5 : x + across + 5]
            frame[:] = frame * 0.45 + colour("2e3847") * 0.35
            image[y : y + high, x : x + across] = pane
            if state < 0.52:
                glow[y : y + high, x : x + across] = pane
            image[y + high + 5 : y + high + 11, x - 12 : x + across + 12] = colour("39455a") * (
                1.25 if state < 0.52 else 0.8
            )
    image = image + blurred(glow, 14) * 0.16 + blurred(glow, 60) * 0.30
    return finished(rng, blurred(image, 1) * 0.6 + image * 0.4, 0.014, 0.55)


def _seams(pen: Draw, s: float, wide: int, tall: int) -> None:
    for x in range(0, 1201, wide):
        pen.line((x * s, 0, x * s, 1600 * s), fill=255, width=int(4 * s))
    for y in range(0, 1601, tall):
        pen.line((0, y * s, 1200 * s, y * s), fill=255, width=int(4 * s))


def _pane(rng: np.random.Generator, state: float, tint: Array) -> Array:
    high, across = 112, 108
    rows, columns = coordinates((high, across))
    if state >= 0.52:  # nobody home
        pane = np.ones((high, across, 3)) * colour("0c121b") + ((1 - rows / high) * 0.05)[..., None] * colour("9fc0e0")
    else:
        strength = rng.uniform(0.5, 1.0)
        light = np.exp(-(((rows - rng.uniform(6, 40)) / 80) ** 2) - ((columns - rng.uniform(20, 90)) / 80) ** 2)
        pane = tint * (0.36 + 0.72 * light)[..., None] * strength
        fold = 0.86 + 0.14 * np.cos(columns / rng.uniform(2.4, 4.2) + noise(rng, (high, across), (2, 3), 2))
        kind = rng.random()
        if kind < 0.4:  # curtains drawn aside
            edge = rng.uniform(14, 34)
            side = (columns < edge) | (columns > across - edge)
            pane = np.where(side[..., None], pane * fold[..., None] * 0.62, pane)
        elif kind < 0.65:  # a curtain across
            pane = pane * fold[..., None] * 0.8
        elif kind < 0.78:  # a blind half down
            drop = rng.uniform(30, 80)
            pane = np.where((rows < drop)[..., None], pane * 0.72, pane)
        if rng.random() < 0.4:  # plants on the sill
            for _ in range(int(rng.integers(1, 4))):
                centre, reach = rng.uniform(12, across - 12), rng.uniform(10, 20)
                leaf = ((columns - centre) / reach) ** 2 + ((rows - high + 6) / (reach * 1.5)) ** 2 < 0.8 + 0.4 * noise(
                    rng, (high, across), (12, 12), 2
                )
                pane = np.where(leaf[..., None], pane * 0.25, pane)
        if rng.random() < 0.14:  # someone standing there
            centre = rng.uniform(30, across - 30)
            head = np.hypot((columns - centre) / 9, (rows - 46) / 11) < 1
            body = np.hypot((columns - centre) / 23, (rows - 104) / 46) < 1
            pane = np.where((head | body)[..., None], pane * 0.22, pane)
    bar = (np.abs(columns - across * 0.5) < 2.2) | ((rows < 34) & (np.abs(rows - 31) < 1.8))
    return np.where(bar[..., None], pane * 0.3, pane)


def library_shelves(rng: np.random.Generator) -> Array:
    size = WIDE
    image = np.ones((*size, 3)) * colour("1d140d")
    image += (noise(rng, size, (8, 120), 3) * 0.015)[..., None]
    tints = (
        "5b2a22",
        "7a3b2a",
        "31414a",
        "2c3a30",
        "6b5a38",
        "8a7148",
        "43302a",
        "1f2b3a",
        "a08a60",
        "4a4a44",
        "713f33",
        "35513f",
        "c2b08a",
    )
    shelf = 300
    for row in range(4):
        floor, x = (row + 1) * shelf - 26, -12.0
        while x < 1815:
            if rng.random() < 0.035:
                x += rng.uniform(14, 46)
                continue
            run, width = int(rng.integers(1, 6)), rng.uniform(17, 48)
            tall, tint = rng.uniform(176, 246), colour(str(rng.choice(tints))) * rng.uniform(0.75, 1.1)
            for _ in range(run):
                _spine(rng, image, x, floor, width, tall, tint * rng.uniform(0.93, 1.05))
                x += width + 1
        image[floor : floor + 26] = gradient((26, 1800), (0, "8a6238"), (0.2, "6b4826"), (1, "3a2513"))
        image[floor : floor + 26] += (noise(rng, (26, 1800), (2, 30), 3) * 0.03)[..., None]
        image[floor + 26 : floor + 72] *= np.linspace(0.25, 1, len(image[floor + 26 : floor + 72]))[:, None, None]
    rows, columns = coordinates(size)
    lamp = 0.34 + 1.05 * np.exp(-((rows - 430) ** 2 / 2 / 430.0**2 + (columns - 720) ** 2 / 2 / 520.0**2))
    image = image * lamp[..., None] * np.array([1.1, 1.0, 0.86])
    soft = blurred(image, 7)
    focus = np.clip(np.abs(columns - 760) / 1000 - 0.22, 0, 0.6)[..., None] / 0.6
    image = image * (1 - focus) + soft * focus
    return finished(rng, image, 0.014, 0.55)


def _spine(
    rng: np.random.Generator, image: Array, x: float, floor: int, width: float, tall: float, tint: Array
) -> None:
    left, right, top = int(max(x, 0)), int(min(x + width, 1800)), int(floor - tall)
    if right - left < 3:
        return
    across = (np.arange(left, right) - x) / width
    round_ = 0.42 + 0.72 * np.sin(np.clip(across, 0.02, 0.98) * np.pi) ** 0.6 * (1.08 - 0.25 * across)
    body = tint[None, None, :] * round_[None, :, None] * np.linspace(1.04, 0.86, floor - top)[:, None, None]
    gilt = colour("c8a45c")
    if rng.random() < 0.55:
        for place in rng.choice([0.08, 0.16, 0.3, 0.42, 0.74, 0.86, 0.93], 3, replace=False):
            at = int(place * tall)
            body[at : at + 3] = body[at : at + 3] * 0.35 + gilt * round_[None, :, None] * 0.6
    if rng.random() < 0.4 and width > 22:
        at, size = int(tall * 0.2), int(tall * rng.uniform(0.12, 0.24))
        label = gilt * 1.1 if rng.random() < 0.4 else tint * 0.5
        body[at : at + size, 2:-2] = body[at : at + size, 2:-2] * 0.25 + label * round_[None, 2:-2, None] * 0.75
        for line in range(at + 8, at + size - 8, 8):
            inset = int(len(across) * rng.uniform(0.22, 0.34))
            body[line : line + 2, inset:-inset] *= 0.5
    body += (rng.normal(0, 0.012, body.shape[:2]))[..., None]
    image[top:floor, left:right] = body


def court_columns(rng: np.random.Generator) -> Array:
    size = TALL
    rows, columns = coordinates(size)
    image = gradient(size, (0, "3a3a3c"), (0.5, "2a2b2e"), (1, "3d3b38"))
    stone = noise(rng, size, (40, 30), 5)
    floor = 1290
    door = np.clip(1 - np.abs(columns - 610) / 120, 0, 1) * np.clip((rows - 560) / 30, 0, 1)
    image = over(image, "141518", np.clip(door * 8, 0, 1) * 0.75)
    for centre, half in ((330, 118), (890, 118), (-190, 118), (1440, 118)):
        taper = half * (1.0 - 0.10 * np.clip((floor - rows) / 1100, 0, 1) ** 1.5)
        at = (columns - centre) / taper
        angle = np.arcsin(np.clip(at, -1, 1))
        flute = 0.5 + 0.5 * np.cos(angle * 22)
        light = np.clip(0.16 + 0.92 * np.clip(np.cos(angle + 0.75), 0, 1) ** 1.2, 0, 1.1)
        side = 0.80 + 0.20 * flute + 0.16 * np.sin(angle * 22) * 0.6
        tone = np.nan_to_num(light * side) * (1 + stone * 0.05)
        tone *= 0.75 + 0.3 * (1 - np.abs(rows - 780) / 900)
        body = colour("ded2bd") * tone[..., None] + colour("2a3038") * 0.35
        mask = np.clip((1 - np.abs(at)) * taper, 0, 1) * (rows > 210) * (rows < floor - 40)
        image = image * (1 - mask[..., None]) + body * mask[..., None]
        shadow = np.exp(-(((columns - centre - 205) / 70) ** 2)) * (rows > 210) * (rows < floor) * (1 - mask)
        image = image * (1 - 0.45 * shadow[..., None])
        for top, bottom, reach in (
            (floor - 62, floor - 30, 1.14),
            (floor - 30, floor + 4, 1.28),
            (196, 226, 1.1),
            (168, 198, 1.3),
        ):
            across = (columns - centre) / (half * reach)
            drum = np.clip(0.22 + 0.85 * np.clip(1 - (across + 0.42) ** 2, 0, 1), 0, 1) * (
                1 - 0.35 * np.abs((rows - (top + bottom) / 2) / (bottom - top))
            )
            block = (np.abs(across) < 1) & (rows >= top) & (rows < bottom)
            image = np.where(
                block[..., None],
                (colour("d8cbb5") * (1 + stone * 0.06)[..., None]) * drum[..., None] + colour("2a3038") * 0.2,
                image,
            )
    for top, bottom, tone in ((0, 74, 0.62), (74, 92, 0.42), (92, 150, 0.74), (150, 168, 0.36)):
        image[top:bottom] = (
            (colour("d9ccb6") * (1 + stone * 0.07)[..., None])[top:bottom]
            * tone
            * np.linspace(1.12, 0.72, 1200)[None, :, None]
        )
    for step, top in enumerate((floor, 1336, 1390, 1452, 1524)):
        depth = 24 + step * 6
        tread = (colour("e2d6c1") * (1 + stone * 0.06)[..., None]) * (0.8 - step * 0.02)
        image[top : top + depth] = tread[top : top + depth] * np.linspace(1.1, 0.85, 1200)[None, :, None]
        end = (1336, 1390, 1452, 1524, 1600)[step]
        riser = tread[top + depth : end] * np.linspace(0.46, 0.60, end - top - depth)[:, None, None]
        image[top + depth : end] = riser
    slant = np.clip((columns * 0.55 + rows - 1300) / 260, 0, 1) * np.clip((rows - floor) / 20, 0, 1)
    image = image * (1 - 0.42 * blurred(slant, 8)[..., None])
    image = image * np.array([1.03, 1.0, 0.955])
    return finished(rng, image, 0.015, 0.6)


def window_light(rng: np.random.Generator) -> Array:
    size = TALL
    rows, columns = coordinates(size)
    wall = noise(rng, size, (30, 22), 5)
    image = gradient(size, (0, "4a4f55"), (0.7, "5a5a58"), (1, "43423f")) * (1 + wall * 0.03)[..., None]

    def panes(pen: Draw, s: float) -> None:
        for row in range(3):
            for column in range(2):
                corners = []
                for dx, dy in ((0, 0), (1, 0), (1, 1), (0, 1)):
                    u, v = column * 1.06 + dx * 0.98, row * 1.05 + dy * 0.98
                    corners.append(((330 + u * 262 - v * 34) * s, (330 + v * 268 - u * 96) * s))
                pen.polygon(corners, fill=255)

    light = shape(size, panes)
    near, far = blurred(light, 4), blurred(light, 14)
    blend = np.clip(rows / 1200, 0, 1)
    light = near * blend + far * (1 - blend)
    leaves = noise(rng, size, (10, 8), 4)
    branch = (
        blurred(np.clip(leaves * 2.6 - 0.25, 0, 1), 10)
        * np.clip((columns - 420) / 500, 0, 1)
        * np.clip(1.35 - rows / 900, 0, 1)
    )
    light = light * (1 - 0.62 * np.clip(branch, 0, 1))
    image = image + (colour("ffdba6") * 0.62 * (1 + wall * 0.05)[..., None]) * light[..., None]
    image = lit(image, "ffcf94", blurred(light, 90) * 0.16)
    board = 1330
    image[board:] = image[board:] * 0.62
    image[board : board + 10] *= 1.5
    image[board + 150 : board + 156] *= 0.5
    chair = shape(size, _chair)
    image = over(image, "17181b", chair * 0.96)
    cast = blurred(np.roll(chair, (-18, 92), axis=(0, 1)), 16) * (rows < board)
    image = image * (1 - 0.34 * (cast * (1 - chair))[..., None])
    return finished(rng, image, 0.016, 0.5)


def _chair(pen: Draw, s: float) -> None:
    def line(*points: tuple[float, float], width: float) -> None:
        pen.line([(x * s, y * s) for x, y in points], fill=255, width=int(width * s), joint="curve")

    line((196, 900), (206, 1560), width=17)
    line((394, 878), (398, 1510), width=17)
    for lift in (0, 74, 148):
        line((198, 930 + lift), (396, 908 + lift), width=22 if lift == 0 else 13)
    pen.polygon([(x * s, y * s) for x, y in ((192, 1236), (398, 1206), (560, 1248), (372, 1292))], fill=255)
    pen.polygon([(x * s, y * s) for x, y in ((192, 1236), (372, 1292), (372, 1312), (192, 1254))], fill=255)
    line((550, 1248), (556, 1540), width=16)
    line((370, 1292), (372, 1600), width=18)
    line((206, 1420), (370, 1466), width=10)
    line((372, 1440), (554, 1396), width=10)


def rain_window(rng: np.random.Generator) -> Array:
    size = WIDE
    image = gradient(size, (0, "101a28"), (0.45, "1d2a3a"), (0.7, "2a2f3a"), (1, "12171f"))
    lamps = (("ffb25a", 26), ("ffd08a", 12), ("e9584a", 11), ("9fc4dd", 9), ("ffe2b3", 10), ("6fae9a", 5))
    for tint, count in lamps:
        for _ in range(count):
            x, y = rng.uniform(-40, 1840), 640 + rng.normal(0, 130)
            radius = rng.uniform(26, 74)
            _disc(image, x, y, radius, colour(tint) * rng.uniform(0.14, 0.5))
    image = blurred(image, 3)
    steam = noise(rng, size, (3, 4), 5)
    image = over(image, "56636f", np.clip(0.14 + 0.10 * steam, 0, 1))
    far = blurred(image, 18)
    for _ in range(520):
        x, y, radius = rng.uniform(0, 1800), rng.uniform(0, 1200), min(2.5 + rng.exponential(4.2), 21)
        _drop(rng, image, far, x, y, radius)
    for _ in range(13):
        _run(rng, image, far)
    return finished(rng, image, 0.013, 0.5)


def _patch(x: float, y: float, radius: float, size: tuple[int, int]) -> tuple[slice, slice, Array, Array]:
    top, bottom = max(int(y - radius), 0), min(int(y + radius) + 1, size[0])
    left, right = max(int(x - radius), 0), min(int(x + radius) + 1, size[1])
    rows, columns = np.mgrid[top:bottom, left:right].astype(float)
    return slice(top, max(bottom, top)), slice(left, max(right, left)), rows - y, columns - x


def _disc(image: Array, x: float, y: float, radius: float, tint: Array) -> None:
    down, across, dy, dx = _patch(x, y, radius + 3, image.shape[:2])
    away = np.hypot(dy, dx)
    edge = np.clip((radius - away) / 3, 0, 1) * (0.72 + 0.28 * np.clip(away / radius, 0, 1) ** 6)
    image[down, across] += tint * edge[..., None]


def _drop(rng: np.random.Generator, image: Array, far: Array, x: float, y: float, radius: float) -> None:
    """A drop shows what is behind it upside down, with a bright foot and a dark crown."""
    down, across, dy, dx = _patch(x, y, radius * 1.3, image.shape[:2])
    wobble = 1 + 0.10 * np.sin(np.arctan2(dy, dx) * 3 + rng.uniform(0, 6))
    away = np.hypot(dy / 1.12, dx) / (radius * wobble)
    if not away.size:
        return
    mask = np.clip((1 - away) * radius / 1.6, 0, 1)
    rows = np.clip(700 - dy * 26, 0, 1199).astype(int)
    columns = np.clip(x - dx * 16, 0, 1799).astype(int)
    body = far[rows, columns] * (0.72 + 0.75 * np.clip(dy / radius, -0.6, 1))[..., None]
    body = body * (1 - 0.45 * np.clip(away, 0, 1) ** 5)[..., None]
    shine = np.exp(-(((dy + radius * 0.4) / (radius * 0.2)) ** 2) - ((dx + radius * 0.3) / (radius * 0.2)) ** 2)
    body = body + (shine * 0.35)[..., None]
    image[down, across] = image[down, across] * (1 - mask[..., None]) + body * mask[..., None]


def _run(rng: np.random.Generator, image: Array, far: Array) -> None:
    x, y, width = rng.uniform(60, 1740), rng.uniform(-50, 400), rng.uniform(5, 8)
    end = y + rng.uniform(260, 760)
    while y < min(end, 1190):
        left, right = int(x - width), int(x + width)
        if y >= 0 and left > 0 and right < 1799:
            row = int(y)
            image[row, left:right] = image[row, left:right] * 0.55 + far[row, left:right] * 0.38
        x += rng.normal(0, 0.5)
        y += 1
        if rng.random() < 0.012:
            _drop(rng, image, far, x + rng.normal(0, 3), y, rng.uniform(2, 4))
    _drop(rng, image, far, x, y, width * 1.9)


# --- things ----------------------------------------------------------------------------------------------------------


def water_meter(rng: np.random.Generator) -> Array:
    size, cy, cx = WIDE, 610, 960
    rows, columns = coordinates(size)
    image = (
        gradient(size, (0, "20262b"), (0.55, "333a3c"), (1, "15191b"))
        * (1 + noise(rng, size, (4, 5), 4) * 0.28)[..., None]
    )
    pipe = np.clip(1 - np.abs(rows - 640) / 128, 0, 1)
    pipe_tone = 0.18 + 0.75 * np.exp(-(((rows - 585) / 44) ** 2)) + 0.16 * np.exp(-(((rows - 735) / 22) ** 2))
    scratch = noise(rng, size, (70, 8), 4)
    image = (
        image * (1 - np.clip(pipe * 30, 0, 1)[..., None])
        + colour("8f8a80") * (pipe_tone * (1 + scratch * 0.10))[..., None] * np.clip(pipe * 30, 0, 1)[..., None]
    )
    image = blurred(image, 5)
    away, angle = np.hypot(rows - cy, columns - cx), np.arctan2(rows - cy, columns - cx)
    image = (
        image
        * (1 - 0.55 * np.exp(-((np.clip(np.hypot(rows - cy - 34, columns - cx - 22) - 440, 0, None) / 60) ** 2)))[
            ..., None
        ]
    )
    ring = np.clip((470 - away) / 2, 0, 1)
    sheen = 0.42 + 0.40 * np.cos(angle * 2 + 1.1) ** 2 + 0.22 * np.cos(angle * 5 + 0.4) ** 4
    profile = 0.55 + 0.6 * np.exp(-(((away - 438) / 13) ** 2)) - 0.3 * np.exp(-(((away - 404) / 9) ** 2))
    brass = colour("b08d4e") * (sheen * profile * 1.5 * (1 + scratch * 0.05))[..., None]
    image = image * (1 - ring[..., None]) + brass * ring[..., None]
    dial = np.clip((392 - away) / 2, 0, 1)
    face = colour("eeeae0") * (0.94 - 0.10 * (away / 392) ** 4 + noise(rng, size, (60, 90), 3) * 0.008)[..., None]
    image = image * (1 - dial[..., None]) + face * dial[..., None]
    image = printed(image, lambda pen: _dial(pen, cx, cy))
    shade = np.clip((400 - away) / 2, 0, 1) * np.exp(-(((away - 396) / 26) ** 2)) * (0.5 + 0.5 * np.sin(-angle))
    image = image * (1 - 0.6 * shade[..., None])
    gloss = np.clip((388 - away) / 3, 0, 1) * np.clip((np.hypot(rows - cy - 300, columns - cx - 150) - 520) / 3, 0, 1)
    image = over(image, "ffffff", blurred(gloss, 2) * 0.13)
    return finished(rng, image, 0.011, 0.65)


def _dial(pen: Draw, cx: float, cy: float, s: int = 2) -> None:
    ink, red = (32, 34, 36), (178, 38, 30)

    def text(
        x: float, y: float, words: str, px: int, fill: tuple[int, int, int] = ink, face: str = "DejaVuSans"
    ) -> None:
        pen.text((x * s, y * s), words, font=font(px * s, face), fill=fill, anchor="mm")

    for tick in range(100):
        a, inner = tick / 100 * 2 * np.pi, 344 if tick % 10 == 0 else 358 if tick % 5 == 0 else 365
        pen.line(
            (
                (cx + inner * np.sin(a)) * s,
                (cy - inner * np.cos(a)) * s,
                (cx + 376 * np.sin(a)) * s,
                (cy - 376 * np.cos(a)) * s,
            ),
            fill=ink,
            width=(4 if tick % 10 == 0 else 2) * s,
        )
    for number in range(10):
        a = number / 10 * 2 * np.pi
        text(cx + 318 * np.sin(a), cy - 318 * np.cos(a), str(number), 34, face="DejaVuSansCondensed")
    for index, digit in enumerate("0041738"):
        x, last = cx - 196 + index * 65, index > 4
        pen.rounded_rectangle(
            ((x - 29) * s, (cy - 156) * s, (x + 29) * s, (cy - 70) * s),
            radius=6 * s,
            fill=red if last else (26, 28, 30),
        )
        text(x, cy - 113, digit, 58, (245, 240, 230), "DejaVuSansMono")
    text(cx + 236, cy - 176, "m³", 30)
    for x, y, turn, label in ((-150, 120, 2.2, "×0.01"), (0, 190, 4.9, "×0.001"), (150, 120, 0.9, "×0.0001")):
        px, py = cx + x, cy + y
        pen.ellipse(((px - 58) * s, (py - 58) * s, (px + 58) * s, (py + 58) * s), outline=ink, width=2 * s)
        for tick in range(10):
            a = tick / 10 * 2 * np.pi
            pen.line(
                (
                    (px + 46 * np.sin(a)) * s,
                    (py - 46 * np.cos(a)) * s,
                    (px + 56 * np.sin(a)) * s,
                    (py - 56 * np.cos(a)) * s,
                ),
                fill=ink,
                width=2 * s,
            )
        dx, dy = np.sin(turn), -np.cos(turn)
        pen.polygon(
            [
                ((px + dx * 46) * s, (py + dy * 46) * s),
                ((px - dy * 7 - dx * 14) * s, (py + dx * 7 - dy * 14) * s),
                ((px + dy * 7 - dx * 14) * s, (py - dx * 7 - dy * 14) * s),
            ],
            fill=red,
        )
        pen.ellipse(((px - 7) * s, (py - 7) * s, (px + 7) * s, (py + 7) * s), fill=red)
        text(px, py + 74, label, 17)
    star = []
    for point in range(16):
        a, r = point / 16 * 2 * np.pi + 0.2, 40 if point % 2 == 0 else 22
        star.append(((cx + r * np.cos(a)) * s, (cy + 30 + r * np.sin(a)) * s))
    pen.polygon(star, fill=(58, 66, 72))
    pen.ellipse(((cx - 6) * s, (cy + 24) * s, (cx + 6) * s, (cy + 36) * s), fill=(200, 200, 196))


def printing_press(rng: np.random.Generator) -> Array:
    """Rollers and a web of paper, printed as a two-ink halftone."""
    size = WIDE
    rows, columns = coordinates(size)
    tone = (
        0.30
        + 0.32 * np.exp(-((rows - 250) ** 2 / 2 / 420.0**2 + (columns - 1350) ** 2 / 2 / 600.0**2))
        + noise(rng, size, (3, 4), 4) * 0.05
    )
    for x in range(60, 1800, 290):
        tone -= 0.14 * np.exp(-(((columns - x) / 34) ** 2)) * (rows < 1050)
    rollers = (
        (300, 330, 150),
        (640, 560, 235),
        (300, 860, 170),
        (1090, 330, 190),
        (1120, 820, 250),
        (1540, 560, 165),
        (1600, 930, 120),
    )

    threaded = (
        (-60, 170, 0, 1),
        (300, 330, 158, -1),
        (640, 560, 243, 1),
        (1090, 330, 198, -1),
        (1540, 560, 173, 1),
        (1880, 330, 0, 1),
    )

    def web(pen: Draw, s: float) -> None:
        pen.line([(x * s, y * s) for x, y in _belt(threaded)], fill=255, width=int(15 * s), joint="curve")

    for x, y, radius in rollers:
        away = np.hypot(columns - x, rows - y)
        shadow = np.exp(-((np.clip(np.hypot(columns - x - 26, rows - y - 34) - radius, 0, None) / 44) ** 2))
        tone = tone * (1 - 0.55 * shadow * (away > radius))
        lit_side = 0.5 + 0.5 * np.cos(np.arctan2(rows - y, columns - x) + 2.1)
        rim = np.exp(-(((away - radius * 0.94) / (radius * 0.05)) ** 2))
        brushed = 0.05 * np.cos(away * 0.5) + 0.05 * np.cos(np.arctan2(rows - y, columns - x) * 7 + x)
        body = 0.16 + 0.58 * lit_side**2 * (0.5 + 0.5 * away / radius) + 0.35 * rim * lit_side + brushed
        hub = away < radius * 0.22
        body = np.where(hub, 0.14 + 0.5 * (1 - lit_side), body)
        body = np.where((away > radius * 0.22) & (away < radius * 0.25), 0.05, body)
        for bolt in range(6):
            a = bolt / 6 * 2 * np.pi + radius
            spot = np.hypot(columns - x - radius * 0.56 * np.cos(a), rows - y - radius * 0.56 * np.sin(a))
            body = np.where(spot < radius * 0.065, 0.10, np.where(spot < radius * 0.085, 0.75, body))
        mask = np.clip((radius - away) / 2, 0, 1)
        tone = tone * (1 - mask) + body * mask
    sheet = shape(size, web)
    tone = tone * (1 - 0.5 * blurred(np.roll(sheet, 22, axis=0), 8) * (1 - sheet))
    tone = tone * (1 - sheet) + 0.97 * sheet
    rail = shape(
        size, lambda pen, s: [pen.rectangle((0, y * s, 1800 * s, (y + 12) * s), fill=255) for y in (1090, 1150)][0]
    )
    tone = np.clip(tone * (1 - 0.75 * rail), 0, 1)
    image = paper(rng, size, "f1e9da")
    for ink, degrees, pitch, strength in (("a9452f", 15, 15.5, 0.62), ("1c2530", 47, 13.5, 1.0)):
        a = np.radians(degrees)
        u, v = columns * np.cos(a) + rows * np.sin(a), rows * np.cos(a) - columns * np.sin(a)
        screen = (np.cos(u * 2 * np.pi / pitch) + np.cos(v * 2 * np.pi / pitch)) / 4 + 0.5
        level = tone if strength == 1.0 else np.clip(tone * 1.25 - 0.02, 0, 1)
        dots = np.clip((screen - level * 1.02 + 0.01) * 4.2 + 0.5, 0, 1)
        if strength < 1:
            dots = np.roll(dots, (1, 2), axis=(0, 1))
        image = image * (1 - dots[..., None] * strength * (1 - colour(ink)))
    inside = shape(size, lambda pen, s: pen.rectangle((64 * s, 64 * s, 1736 * s, 1136 * s), fill=255))[..., None]
    sheet_tint = paper(rng, size, "f1e9da")
    return blurred(sheet_tint * (1 - inside) + image * inside, 1)


def _belt(rollers: tuple[tuple[float, float, float, int], ...]) -> list[tuple[float, float]]:
    """The path of paper over (-1) and under (1) rollers: straight between two of them, round on each."""
    points: list[tuple[float, float]] = []
    arrived = None
    for (ax, ay, ar, aside), (bx, by, br, bside) in zip(rollers, rollers[1:], strict=False):
        turn = np.arctan2(by - ay, bx - ax) + np.arccos((aside * ar - bside * br) / np.hypot(bx - ax, by - ay))
        if arrived is not None:
            points += [
                (ax + aside * ar * np.cos(a), ay + aside * ar * np.sin(a)) for a in np.linspace(arrived, turn, 40)
            ]
        else:
            points.append((ax, ay))
        points.append((bx + bside * br * np.cos(turn), by + bside * br * np.sin(turn)))
        arrived = turn
    return points


# --- maps and charts -------------------------------------------------------------------------------------------------


def basin_map(rng: np.random.Generator) -> Array:
    size = WIDE
    rows, columns = coordinates(size)
    along = np.linspace(0, 1, size[0])
    bed = 1180 - 560 * along + 150 * np.sin(along * 6.0) + 46 * np.sin(along * 17 + 1) + 14 * np.sin(along * 41)
    away = np.abs(columns - bed[:, None])
    land = noise(rng, size, (4, 6), 5)
    height = (
        0.12
        + 0.62 * (1 - np.exp(-((away / 620) ** 1.2)))
        + land * 0.17 * (0.25 + np.clip(away / 400, 0, 1))
        + 0.22 * (1 - rows / size[0])
    )
    height = blurred(height, 6)
    slope_y, slope_x = np.gradient(blurred(height, 2))
    low, high = height.min(), height.max()
    level = (height - low) / (high - low)
    tints = np.array([colour(t) for t in ("dfe6d3", "e9ead2", "f1e8cd", "ecdcb9", "e0c8a2", "d2b48d")])
    image = np.stack([np.interp(level, np.linspace(0, 0.92, 6), tints[:, i]) for i in range(3)], axis=-1)
    shade = np.clip((slope_x - slope_y * 1.0) * 95, -1, 1)
    image = image * (1 + shade * 0.13)[..., None]
    steepness = np.hypot(slope_x, slope_y) + 1e-6
    for step, width, strength in ((1 / 26, 0.55, 0.34), (5 / 26, 1.0, 0.62)):
        distance = np.abs(((height / step) + 0.5) % 1 - 0.5) * step / steepness
        image = over(image, "7d5a3c", np.clip(width + 0.5 - distance, 0, 1) * strength)
    streams = shape(size, lambda pen, s: _streams(rng, pen, s, height, bed))
    image = over(image, "4a86a3", streams)
    river = np.clip((4.5 + 9 * along[:, None] - away) / 1.3, 0, 1)
    image = over(image, "4a86a3", river)
    image = printed(image, lambda pen: _labels(pen, bed))
    image += (noise(rng, size, (60, 90), 4) * 0.008)[..., None]
    return image


def _streams(rng: np.random.Generator, pen: Draw, s: float, height: Array, bed: Array) -> None:
    """Tributaries: from a high place, walk downhill (and towards the river) until it is reached."""
    smooth = blurred(height, 10)
    down_y, down_x = np.gradient(smooth)
    for _ in range(34):
        x, y = rng.uniform(40, 1760), rng.uniform(20, 1120)
        if abs(x - bed[int(y)]) < 150:
            continue
        path, heading, ends = [(x, y)], np.zeros(2), False
        for _ in range(900):
            row, column = int(y), int(x)
            if not (0 <= row < 1199 and 0 <= column < 1799) or abs(x - bed[row]) < 4:
                ends = True
                break
            pull = np.array([np.sign(bed[row] - x) * 0.00035, 0.00022])
            step = pull - np.array([down_x[row, column], down_y[row, column]])
            heading = heading * 0.86 + step / (np.linalg.norm(step) + 1e-9) * 0.14
            x, y = x + heading[0] * 2.4, y + heading[1] * 2.4
            path.append((x, y))
        for index in range(1, len(path) if ends else 0, 3):
            part = path[max(index - 4, 0) : index + 1]
            pen.line(
                [(px * s, py * s) for px, py in part], fill=255, width=int((1.4 + 2.6 * index / 700) * s), joint="curve"
            )


def _labels(pen: Draw, bed: Array, s: int = 2) -> None:
    ink, halo = (44, 46, 48), (246, 240, 224)
    for y, dx, names, big in (
        (560, 34, "VELMORA · ВЕЛЬМОРА", True),
        (230, -42, "Tarn · Тарн", False),
        (905, 36, "Osk · Оск", False),
        (1066, 40, "Lower Quay · Нижняя Пристань", False),
    ):
        x, r = bed[y], 11 if big else 7
        pen.ellipse(((x - r) * s, (y - r) * s, (x + r) * s, (y + r) * s), fill=halo, outline=ink, width=3 * s)
        if big:
            pen.ellipse(((x - 4) * s, (y - 4) * s, (x + 4) * s, (y + 4) * s), fill=ink)
        face = font((30 if big else 23) * s, "DejaVuSerif-Bold" if big else "DejaVuSerif")
        pen.text(
            ((x + dx) * s, y * s),
            names,
            font=face,
            fill=ink,
            anchor="lm" if dx > 0 else "rm",
            stroke_width=4 * s,
            stroke_fill=halo,
        )
    pen.text(
        (1330 * s, 150 * s),
        "Ashel · Ашель",
        font=font(34 * s, "DejaVuSerif-Italic"),
        fill=(52, 106, 134),
        anchor="lm",
        stroke_width=4 * s,
        stroke_fill=halo,
    )
    for index in range(4):
        x = 96 + index * 80
        pen.rectangle(
            (x * s, 1112 * s, (x + 80) * s, 1122 * s), fill=ink if index % 2 == 0 else halo, outline=ink, width=s
        )
    for index, label in ((0, "0"), (2, "20"), (4, "40 km · км")):
        pen.text(
            ((96 + index * 80) * s, 1104 * s),
            label,
            font=font(20 * s),
            fill=ink,
            anchor="ms",
            stroke_width=3 * s,
            stroke_fill=halo,
        )
    pen.rectangle((36 * s, 36 * s, 1764 * s, 1164 * s), outline=ink, width=2 * s)
    pen.rectangle((46 * s, 46 * s, 1754 * s, 1154 * s), outline=ink, width=s)


def budget_chart(rng: np.random.Generator) -> Array:
    image = paper(rng, WIDE, "f7f3ea")
    years = list(range(2016, 2027))
    planned = [118, 124, 131, 139, 150, 156, 171, 188, 204, 221, 236]
    spent = [116, 121, 127, 131, 133, 129, 137, 142, 139, 146, 149]

    def at(year: float, value: float) -> tuple[float, float]:
        return 190 + (year - 2016) * 118, 1010 - (value - 100) * 5.1

    def draw(pen: Draw, s: int = 2) -> None:
        ink, grey, rust, blue = (34, 37, 41), (122, 118, 110), (176, 72, 44), (42, 88, 118)

        def text(
            x: float,
            y: float,
            words: str,
            px: int,
            fill: tuple[int, int, int] = ink,
            face: str = "DejaVuSans",
            anchor: str = "lm",
        ) -> None:
            pen.text((x * s, y * s), words, font=font(px * s, face), fill=fill, anchor=anchor)

        pen.rectangle((120 * s, 84 * s, 190 * s, 92 * s), fill=rust)
        text(120, 132, "Street repair, Velmora", 44, face="DejaVuSerif-Bold")
        text(120, 190, "Ремонт улиц, Вельмора", 33, grey, "DejaVuSerif")
        text(1680, 132, "million marks", 24, grey, anchor="rm")
        text(1680, 170, "млн марок", 24, grey, anchor="rm")
        for value in range(100, 241, 20):
            _, y = at(2016, value)
            pen.line(
                (190 * s, y * s, 1370 * s, y * s),
                fill=(206, 199, 184) if value > 100 else ink,
                width=2 * s if value == 100 else s,
            )
            text(168, y, str(value), 24, grey, anchor="rm")
        gap = [at(y, v) for y, v in zip(years, planned, strict=True)] + [
            at(y, v) for y, v in reversed(list(zip(years, spent, strict=True)))
        ]
        pen.polygon([(x * s, y * s) for x, y in gap], fill=(236, 216, 196))
        for value in range(120, 241, 20):
            _, y = at(2016, value)
            pen.line((190 * s, y * s, 1370 * s, y * s), fill=(206, 199, 184), width=s)
        for series, tint in ((planned, rust), (spent, blue)):
            points = [at(y, v) for y, v in zip(years, series, strict=True)]
            pen.line([(x * s, y * s) for x, y in points], fill=tint, width=7 * s, joint="curve")
            for x, y in points:
                pen.ellipse(
                    ((x - 8) * s, (y - 8) * s, (x + 8) * s, (y + 8) * s),
                    fill=(247, 243, 234),
                    outline=tint,
                    width=4 * s,
                )
        for year in years:
            x, _ = at(year, 100)
            pen.line((x * s, 1010 * s, x * s, 1022 * s), fill=ink, width=2 * s)
            text(x, 1052, str(year), 24, grey, anchor="mm")
        for value, words, russian, tint in ((236, "voted", "выделено", rust), (149, "work done", "выполнено", blue)):
            x, y = at(2026, value)
            text(x + 34, y - 22, f"{value}", 46, tint, "DejaVuSerif-Bold")
            text(x + 34, y + 22, words, 27, tint)
            text(x + 34, y + 58, russian, 25, grey)
        x, y = at(2024, 171)
        text(x + 24, y, "−65", 40, (150, 96, 62), "DejaVuSerif", "mm")
        pen.line((120 * s, 1118 * s, 1680 * s, 1118 * s), fill=(206, 199, 184), width=2 * s)

    return printed(image, draw)


def tram_map(rng: np.random.Generator) -> Array:
    image = paper(rng, WIDE, "f6f2e9")
    lines = {
        "1": ((186, 52, 44), [(150, 330), (520, 330), (820, 630), (1240, 630), (1660, 630)]),
        "2": ((36, 96, 140), [(330, 1080), (330, 760), (560, 530), (1020, 530), (1320, 230), (1640, 230)]),
        "3": ((46, 122, 88), [(780, 120), (780, 430), (920, 570), (920, 860), (1120, 1060), (1600, 1060)]),
        "4": ((206, 144, 32), [(140, 620), (520, 620), (690, 790), (1300, 790), (1560, 530), (1560, 380)]),
        "5": ((108, 76, 132), [(600, 1090), (600, 960), (1080, 480), (1080, 120)]),
    }

    def draw(pen: Draw, s: int = 2) -> None:
        ink, ground = (34, 37, 41), (246, 242, 233)
        water = [(-60, 900), (220, 900), (480, 640), (700, 640), (1130, 210), (1400, 210), (1620, -20)]
        pen.line([(x * s, y * s) for x, y in water], fill=(203, 221, 226), width=74 * s, joint="curve")
        for x, y in water[1:-1]:
            pen.ellipse(((x - 37) * s, (y - 37) * s, (x + 37) * s, (y + 37) * s), fill=(203, 221, 226))
        for tint, path in lines.values():
            smooth = _rounded(path, 46)
            pen.line([(x * s, y * s) for x, y in smooth], fill=ground, width=26 * s, joint="curve")
            pen.line([(x * s, y * s) for x, y in smooth], fill=tint, width=16 * s, joint="curve")
        for tint, path in lines.values():
            for x, y in _stops(path, 92):
                pen.ellipse(
                    ((x - 9) * s, (y - 9) * s, (x + 9) * s, (y + 9) * s), fill=ground, outline=tint, width=4 * s
                )
        for x, y in ((920, 630), (1020, 530), (920, 790), (1460, 630), (720, 530)):
            pen.ellipse(((x - 17) * s, (y - 17) * s, (x + 17) * s, (y + 17) * s), fill=ground, outline=ink, width=6 * s)
        for name, (tint, path) in lines.items():
            for x, y in (path[0], path[-1]):
                pen.rounded_rectangle(
                    ((x - 30) * s, (y - 30) * s, (x + 30) * s, (y + 30) * s),
                    radius=12 * s,
                    fill=tint,
                    outline=ground,
                    width=5 * s,
                )
                pen.text((x * s, y * s), name, font=font(34 * s, "DejaVuSans-Bold"), fill=(255, 252, 245), anchor="mm")
        pen.text(
            (300 * s, 950 * s),
            "Ashel · Ашель",
            font=font(25 * s, "DejaVuSerif-Italic"),
            fill=(104, 146, 160),
            anchor="rm",
        )
        pen.text((150 * s, 130 * s), "Velmora trams", font=font(42 * s, "DejaVuSerif-Bold"), fill=ink, anchor="lm")
        pen.text(
            (150 * s, 184 * s), "Трамваи Вельморы", font=font(31 * s, "DejaVuSerif"), fill=(122, 118, 110), anchor="lm"
        )

    return printed(image, draw)


def _rounded(path: list[tuple[float, float]], radius: float) -> list[tuple[float, float]]:
    points = [path[0]]
    for before, corner, after in zip(path, path[1:], path[2:], strict=False):
        a, b, c = (np.array(p, float) for p in (before, corner, after))
        start, end = b + (a - b) / np.linalg.norm(a - b) * radius, b + (c - b) / np.linalg.norm(c - b) * radius
        points += [tuple((1 - t) ** 2 * start + 2 * t * (1 - t) * b + t**2 * end) for t in np.linspace(0, 1, 14)]
    return [*points, path[-1]]


def _stops(path: list[tuple[float, float]], every: float) -> list[tuple[float, float]]:
    stops = []
    for start, end in zip(path, path[1:], strict=False):
        a, b = np.array(start, float), np.array(end, float)
        count = max(int(np.linalg.norm(b - a) // every), 1)
        stops += [tuple(a + (b - a) * (i + 0.5) / count) for i in range(count)]
    return stops


def rain_map(rng: np.random.Generator) -> Array:
    size, cell = WIDE, 24
    rows, columns = coordinates((size[0] // cell, size[1] // cell))
    storm = np.exp(-(((rows - 21) / 11) ** 2) - ((columns - 42 + (rows - 21) * 0.7) / 13) ** 2)
    storm += 0.6 * np.exp(-(((rows - 36) / 7) ** 2) - ((columns - 18) / 9) ** 2)
    rain = np.clip(storm * 0.95 + noise(rng, rows.shape, (5, 8), 3) * 0.20, 0, 1)
    ramp = np.array(
        [colour(t) for t in ("f3efe4", "dbe6e2", "afd0d3", "72aebd", "3d82a3", "2a5786", "3b2f66", "6f2a5c")]
    )
    tints = np.stack([np.interp(rain, np.linspace(0, 1, 8), ramp[:, i]) for i in range(3)], axis=-1)
    image = np.repeat(np.repeat(tints, cell, axis=0), cell, axis=1)
    gap = np.ones(size)
    gap[::cell], gap[:, ::cell], gap[1::cell], gap[:, 1::cell] = 0, 0, 0, 0
    image = over(image, "f6f2e9", 1 - gap)
    river = (
        880
        - 300 * np.linspace(0, 1, 1200)
        + 110 * np.sin(np.linspace(0, 6, 1200))
        + 24 * np.sin(np.linspace(2, 21, 1200))
    )

    def draw(pen: Draw, s: int = 2) -> None:
        ink, ground = (30, 33, 38), (246, 242, 233)
        path = [(river[y] * s, y * s) for y in range(0, 1200, 6)]
        pen.line(path, fill=ground, width=11 * s, joint="curve")
        pen.line(path, fill=(24, 44, 62), width=5 * s, joint="curve")
        x, y = river[560], 560
        pen.ellipse(((x - 12) * s, (y - 12) * s, (x + 12) * s, (y + 12) * s), fill=ground, outline=ink, width=4 * s)
        pen.text(
            ((x - 28) * s, y * s),
            "Velmora · Вельмора",
            font=font(30 * s, "DejaVuSerif-Bold"),
            fill=ink,
            anchor="rm",
            stroke_width=5 * s,
            stroke_fill=ground,
        )
        pen.rounded_rectangle((1216 * s, 1016 * s, 1752 * s, 1152 * s), radius=6 * s, fill=ground)
        for index in range(8):
            tint = tuple(int(v * 255) for v in ramp[index])
            left = 1250 + index * 58
            pen.rectangle((left * s, 1050 * s, (left + 54) * s, 1080 * s), fill=tint)
            pen.text(((left + 27) * s, 1112 * s), str(index * 12), font=font(22 * s), fill=ink, anchor="mm")
        pen.text((1740 * s, 1136 * s), "mm · мм", font=font(18 * s), fill=(110, 106, 100), anchor="rm")

    return printed(image, draw)


PICTURES: dict[str, Callable[[np.random.Generator], Array]] = {
    "river-dusk": river_dusk,
    "skyline-fog": skyline_fog,
    "hills": hills,
    "grain-field": grain_field,
    "harbour-cranes": harbour_cranes,
    "pylons": pylons,
    "night-windows": night_windows,
    "library-shelves": library_shelves,
    "court-columns": court_columns,
    "window-light": window_light,
    "rain-window": rain_window,
    "water-meter": water_meter,
    "printing-press": printing_press,
    "basin-map": basin_map,
    "budget-chart": budget_chart,
    "tram-map": tram_map,
    "rain-map": rain_map,
}


def main() -> None:
    for name in sys.argv[1:] or PICTURES:
        quality = saved(name, PICTURES[name](seeded(name)))
        print(f"{name}: quality {quality}, {(HERE / f'{name}.jpg').stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
