/** A mask of a picture: 1 where something is. */
export interface Mask {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly data: Uint8Array;
}

/** Pixels of a mask that hang together. */
export interface Component {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** How many pixels. */
  readonly area: number;
}

/** The mask, grown by `radius` pixels to each side, so that close pieces hang together. */
export function dilate(mask: Mask, radius: number): Mask {
  if (radius < 1) return mask;
  const across = dilateLines(mask, radius, { along: 1, lines: mask.widthPx });
  return dilateLines(across, radius, { along: mask.widthPx, lines: 1 });
}

/** All components (joined also over corners), in reading order of their first pixel. */
export function findComponents({ widthPx, heightPx, data }: Mask): readonly Component[] {
  const seen = new Uint8Array(data.length);
  const stack = new Int32Array(data.length);
  const found: Component[] = [];
  for (let start = 0; start < data.length; start += 1) {
    if (data[start] === 0 || seen[start] === 1) continue;
    let [x1, y1, x2, y2, area, depth] = [widthPx, heightPx, 0, 0, 0, 1];
    stack[0] = start;
    seen[start] = 1;
    while (depth > 0) {
      depth -= 1;
      const at = stack[depth] ?? 0;
      const x = at % widthPx;
      const y = (at - x) / widthPx;
      area += 1;
      [x1, y1, x2, y2] = [
        Math.min(x1, x),
        Math.min(y1, y),
        Math.max(x2, x + 1),
        Math.max(y2, y + 1),
      ];
      for (let ny = Math.max(0, y - 1); ny <= Math.min(heightPx - 1, y + 1); ny += 1) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(widthPx - 1, x + 1); nx += 1) {
          const next = ny * widthPx + nx;
          if (data[next] === 0 || seen[next] === 1) continue;
          seen[next] = 1;
          stack[depth] = next;
          depth += 1;
        }
      }
    }
    found.push({ x1, y1, x2, y2, area });
  }
  return found;
}

/** Grows a mask along rows (`along` 1) or columns (`along` the width). */
function dilateLines(
  mask: Mask,
  radius: number,
  { along, lines }: { readonly along: number; readonly lines: number },
): Mask {
  const { widthPx, heightPx, data } = mask;
  const length = along === 1 ? widthPx : heightPx;
  const count = along === 1 ? heightPx : widthPx;
  const out = new Uint8Array(data.length);
  for (let line = 0; line < count; line += 1) {
    const first = line * lines;
    let filledTo = 0;
    for (let i = 0; i < length; i += 1) {
      if (data[first + i * along] === 0) continue;
      const end = Math.min(length, i + radius + 1);
      for (let j = Math.max(filledTo, i - radius); j < end; j += 1) out[first + j * along] = 1;
      filledTo = Math.max(filledTo, end);
    }
  }
  return { widthPx, heightPx, data: out };
}
