"""Products cut out of pictures on plain ground: the rule of the border gives the mask."""
import hashlib

import numpy as np

# Sets with plain grounds. In 01 and 04 things lie on furniture and in shelves.
SETS = ("02", "03", "06", "07", "08")
RING = 2
GROUND_DISTANCE, UNIFORM_DISTANCE, UNIFORM_SHARE = 16, 24, 0.93
LEAST_AREA, MOST_AREA = 0.05, 0.8
LEAST_FILL, MOST_TOUCHING, LEAST_CONTRAST = 0.22, 0.12, 45
SWEEPS = 4
CHOICE_SHARE = 0.06


def for_choice(row):
    """Teaching pictures that the heads do not learn from, so that thresholds can be chosen on them."""
    number = int(hashlib.sha1(f"choice:{row['instance']}".encode()).hexdigest()[:8], 16) / 2**32
    return not row["held"] and number < CHOICE_SHARE


def ring(values):
    """The pixels (n, p, ...) of the frame's border."""
    count = len(values)
    sides = (values[:, :RING], values[:, -RING:], values[:, RING:-RING, :RING], values[:, RING:-RING, -RING:])
    return np.concatenate([side.reshape(count, -1, *values.shape[3:]) for side in sides], 1)


def reached(ground):
    """What of the ground (n, h, w) the border reaches without crossing the product."""
    reach = np.zeros_like(ground)
    reach[:, [0, -1]], reach[:, :, [0, -1]] = ground[:, [0, -1]], ground[:, :, [0, -1]]
    for _ in range(SWEEPS):
        for view, open_view in ((reach, ground), (reach.transpose(0, 2, 1), ground.transpose(0, 2, 1))):
            last = view.shape[1]
            for y in range(1, last):
                view[:, y] |= view[:, y - 1] & open_view[:, y]
            for y in range(last - 2, -1, -1):
                view[:, y] |= view[:, y + 1] & open_view[:, y]
    return reach


def neighbours(mask):
    """The mask moved to all nine places of a 3 x 3 window."""
    padded = np.pad(mask, ((0, 0), (1, 1), (1, 1)), mode="edge")
    height, width = mask.shape[1:]
    return np.stack([padded[:, y:y + height, x:x + width] for y in range(3) for x in range(3)])


def bounds(mask):
    """Boxes (n, 4) in pixels of what is set in (n, h, w)."""
    across, down = mask.any(1), mask.any(2)
    left, top = across.argmax(1), down.argmax(1)
    right = across.shape[1] - across[:, ::-1].argmax(1)
    bottom = down.shape[1] - down[:, ::-1].argmax(1)
    return np.stack([left, top, right, bottom], 1)


def cut(pictures):
    """Masks (n, h, w) of pictures (n, h, w, 3), uint8; their boxes in pixels; which of them can be trusted."""
    edge = ring(pictures)
    tone = np.median(edge, 1)[:, None, None]
    distance = np.abs(pictures.astype(np.int16) - tone.astype(np.int16)).max(-1)
    uniform = (ring(distance) < UNIFORM_DISTANCE).mean(1) > UNIFORM_SHARE
    mask = ~reached(distance < GROUND_DISTANCE)
    mask = neighbours(neighbours(mask).all(0)).any(0)
    box = bounds(mask)
    size = (box[:, 2] - box[:, 0]) * (box[:, 3] - box[:, 1])
    area = mask.mean((1, 2))
    fill = mask.sum((1, 2)) / np.maximum(size, 1)
    contrast = (distance * mask).sum((1, 2)) / np.maximum(mask.sum((1, 2)), 1)
    good = uniform & (area > LEAST_AREA) & (area < MOST_AREA) & (fill > LEAST_FILL)
    good &= (ring(mask).mean(1) < MOST_TOUCHING) & (contrast > LEAST_CONTRAST)
    return mask, box, good
