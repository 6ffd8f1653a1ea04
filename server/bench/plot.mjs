/** A chart of lines over logarithmic axes, as SVG. */

const [WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM] = [720, 420, 70, 150, 40, 50];
const COLOURS = ['#1b6ca8', '#c0392b', '#2e8b57', '#8e5ea2', '#b8860b', '#555555'];

/**
 * @param {{ title: string, x: string, y: string, lines: { name: string, points: [number, number][] }[] }} chart
 * @returns {string} the file's text
 */
export function plot({ title, x, y, lines }) {
  const points = lines.flatMap((line) => line.points);
  const across = axis(
    points.map(([value]) => value),
    LEFT,
    WIDTH - RIGHT,
  );
  const up = axis(
    points.map(([, value]) => value),
    HEIGHT - BOTTOM,
    TOP,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(LEFT, 22, title, 'font-size="15"'),
    ...across.ticks.flatMap((tick) => [
      gridLine(across.at(tick), TOP, across.at(tick), HEIGHT - BOTTOM),
      text(across.at(tick), HEIGHT - BOTTOM + 18, short(tick), 'text-anchor="middle"'),
    ]),
    ...up.ticks.flatMap((tick) => [
      gridLine(LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick)),
      text(LEFT - 8, up.at(tick) + 4, short(tick), 'text-anchor="end"'),
    ]),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, x, 'text-anchor="middle"'),
    text(16, TOP - 8, y, ''),
    ...lines.flatMap((line, i) => drawLine(line, COLOURS[i % COLOURS.length], i, { across, up })),
    '</svg>',
    '',
  ].join('\n');
}

/** Whole powers of ten around the values, and where a value lies. */
function axis(values, from, to) {
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const at = (value) => from + ((Math.log10(value) - low) / (high - low)) * (to - from);
  return { ticks, at };
}

function drawLine({ name, points }, colour, number, { across, up }) {
  const places = points.map(([a, b]) => [across.at(a).toFixed(1), up.at(b).toFixed(1)]);
  const legend = TOP + 14 + number * 20;
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${places.map((place) => place.join(',')).join(' ')}"/>`,
    ...places.map(([a, b]) => `<circle cx="${a}" cy="${b}" r="3" fill="${colour}"/>`),
    `<rect x="${WIDTH - RIGHT + 14}" y="${legend - 10}" width="12" height="12" fill="${colour}"/>`,
    text(WIDTH - RIGHT + 32, legend, name, ''),
  ];
}

function gridLine(x1, y1, x2, y2) {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#dddddd"/>`;
}

function text(x, y, words, attributes) {
  return `<text x="${x}" y="${y}" fill="#222222" ${attributes}>${words}</text>`;
}

function short(value) {
  if (value >= 1e6) return `${value / 1e6} M`;
  return value >= 1e3 ? `${value / 1e3} k` : String(value);
}
