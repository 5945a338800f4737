"""How sharp a picture is.

Sharpness is a number between 0 and 90 that does not hang on the picture's size, contrast or number of edges. The
picture is brought to 480 pixels on its long side, in grey, and blurred once more by a 5-pixel box: where edges were
sharp, most of the difference between neighbours is lost; where they were soft already, hardly any (Crete et al., The
blur effect, 2007). It is the lost share in per cent, of the upper quarter of 16 fields of the picture, so that a sharp
person before a soft background is sharp, and flat fields (sky, a wall) do not count. The ten that rounding to whole
greys leaves even in fog are taken off. Photographs in focus: 37 to 73; a Gaussian blur of 3 pixels at a width of 1024:
3 to 25; of 5 and more: under 9. Out of focus is what stays below 20; one that is pale or grainy as well may pass.
"""

from __future__ import annotations

from PIL import Image, ImageChops, ImageFilter, ImageOps, ImageStat

_FIELDS = (4, 4)
_NOISE = 4  # greys between neighbours that may be grain
_ENOUGH = 0.5  # mean grey step of a field that has edges to judge by
_FOG = 10.0
_PALE = 12.0  # standard deviation of a picture whose contrast must be stretched before its edges are seen


def measure_sharpness(grey: Image.Image) -> float:
    """0 to 90, see above; 0 where there is no edge at all. ``grey``: at most 480 pixels on its long side."""
    if min(grey.size) < 16:
        return 0.0
    shares = _lost_shares(grey)
    if not shares and ImageStat.Stat(grey).stddev[0] < _PALE:
        shares = _lost_shares(ImageOps.autocontrast(grey, cutoff=1))
    if not shares:  # contrast, and yet no edge: far out of focus
        return 0.0
    return round(max(0.0, 100.0 * shares[len(shares) // 4] - _FOG), 1)


def _lost_shares(grey: Image.Image) -> list[float]:
    """Of each field that has edges: the share of its neighbours' difference that a blur takes; largest first."""
    steps, losses = [], []
    for across, down in ((1, 0), (0, 1)):
        blurred = grey.filter(ImageFilter.BoxBlur((2 * across, 2 * down)))
        step = _neighbour_steps(grey, across, down)
        loss = ImageChops.subtract(step, _neighbour_steps(blurred, across, down))
        step = step.point([value if value >= _NOISE else 0 for value in range(256)])
        steps.append(_field_means(step))
        losses.append(_field_means(ImageChops.darker(loss, step)))
    found = zip(*steps, *losses, strict=True)
    return sorted(
        (
            (across_loss + down_loss) / (across_step + down_step)
            for across_step, down_step, across_loss, down_loss in found
            if across_step + down_step >= _ENOUGH
        ),
        reverse=True,
    )


def _neighbour_steps(grey: Image.Image, across: int, down: int) -> Image.Image:
    """Absolute difference of each pixel to the next one to the right or below."""
    width, height = grey.size
    return ImageChops.difference(
        grey.crop((across, down, width, height)), grey.crop((0, 0, width - across, height - down))
    )


def _field_means(values: Image.Image) -> list[float]:
    fields = values.convert("F").resize(_FIELDS, Image.Resampling.BOX)
    return [float(value) for value in fields.get_flattened_data()]  # type: ignore[arg-type]
