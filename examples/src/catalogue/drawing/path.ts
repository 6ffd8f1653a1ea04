/** A point as [x, y]. */
export type Point = readonly [number, number];

/**
 * A closed outline that is the same left and right of `centre`. `start` and `segments` tell the right half from top to
 * bottom, x counted from the centre: two numbers are a line to there, six a cubic curve.
 */
export function symmetric(
  centre: number,
  start: Point,
  segments: readonly (readonly number[])[],
): string {
  let path = `M${centre + start[0]},${start[1]}`;
  let back = '';
  let [x, y] = start;
  for (const segment of segments) {
    const [endX = 0, endY = 0] = segment.slice(-2);
    path += write(segment, (value) => centre + value);
    const reversed = segment.length === 2 ? [x, y] : reverse(segment, x, y);
    back = write(reversed, (value) => centre - value) + back;
    [x, y] = [endX, endY];
  }
  return `${path} L${centre - x},${y}${back} Z`;
}

function reverse(segment: readonly number[], startX: number, startY: number): number[] {
  const [firstX = 0, firstY = 0, secondX = 0, secondY = 0] = segment;
  return [secondX, secondY, firstX, firstY, startX, startY];
}

function write(segment: readonly number[], place: (x: number) => number): string {
  const numbers = segment.map((value, at) => (at % 2 === 0 ? place(value) : value));
  return `${segment.length === 2 ? ' L' : ' C'}${numbers.join(',')}`;
}

/** A closed polygon. */
export function polygon(points: readonly Point[]): string {
  return `M${points.map((point) => point.join(',')).join(' L')} Z`;
}

/** A smooth curve through all points (Catmull-Rom), closed if asked. */
export function smooth(points: readonly Point[], closed = true): string {
  const count = points.length;
  const at = (index: number): Point => {
    const wanted = closed ? (index + count) % count : Math.min(Math.max(index, 0), count - 1);
    return points[wanted] ?? [0, 0];
  };
  let path = `M${at(0).join(',')}`;
  for (let index = 0; index < (closed ? count : count - 1); index += 1) {
    const [before, from, to, after] = [at(index - 1), at(index), at(index + 1), at(index + 2)];
    const first = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const second = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    path += ` C${[...first, ...second, ...to].map((value) => value.toFixed(1)).join(',')}`;
  }
  return closed ? `${path} Z` : path;
}

/** A box with round corners as a path. */
export function roundedBox(
  x: number,
  y: number,
  width: number,
  height: number,
  radius: number,
): string {
  const r = Math.min(radius, width / 2, height / 2);
  return (
    `M${x + r},${y} h${width - 2 * r} a${r},${r} 0 0 1 ${r},${r} v${height - 2 * r} a${r},${r} 0 0 1 ${-r},${r} ` +
    `h${2 * r - width} a${r},${r} 0 0 1 ${-r},${-r} v${2 * r - height} a${r},${r} 0 0 1 ${r},${-r} Z`
  );
}

/** An ellipse as a path. */
export function oval(x: number, y: number, radiusX: number, radiusY = radiusX): string {
  return `M${x - radiusX},${y} a${radiusX},${radiusY} 0 1 1 ${2 * radiusX},0 a${radiusX},${radiusY} 0 1 1 ${-2 * radiusX},0 Z`;
}
