/** Pictures that need no file: a shape on a ground, as Netpbm, and one like a photograph. */

/** How many there are, each unlike the others. */
export const TEST_PICTURES = 4;

const SIDE_PX = 256;
const COLOURS = [
  [200, 40, 40],
  [40, 160, 60],
  [50, 70, 200],
  [220, 180, 40],
] as const;

/** A ring, a box, a cross or stripes, each in a colour of its own. */
export function drawTestPicture(number: number): Uint8Array {
  const shape = SHAPES[number % SHAPES.length];
  const colour = COLOURS[number % COLOURS.length] ?? COLOURS[0];
  const pixels = Buffer.alloc(SIDE_PX * SIDE_PX * 3, 245);
  for (let at = 0; at < SIDE_PX * SIDE_PX; at += 1) {
    const [x, y] = [(at % SIDE_PX) / SIDE_PX - 0.5, Math.floor(at / SIDE_PX) / SIDE_PX - 0.5];
    if (shape?.(x, y)) pixels.set(colour, at * 3);
  }
  return Buffer.concat([Buffer.from(`P6\n${SIDE_PX} ${SIDE_PX}\n255\n`, 'latin1'), pixels]);
}

/** By coordinates from -0.5 to 0.5. */
const SHAPES: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => Math.abs(Math.hypot(x, y) - 0.3) < 0.08,
  (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.25,
  (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 0.07 && Math.hypot(x, y) < 0.4,
  (_, y) => Math.floor((y + 0.5) * 8) % 2 === 0,
];

/** What {@link drawPhotograph} draws. */
export const PHOTOGRAPH = '1,600 × 1,200 px';

/** A thing on a grainy ground, as JPEG of about 400 KB: what a picture takes that came from a telephone. */
export async function drawPhotograph(): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const [width, height, channels] = [1600, 1200, 3] as const;
  const pixels = Buffer.alloc(width * height * channels);
  let state = 1;
  for (let at = 0; at < pixels.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    const [x, y] = [Math.floor(at / channels) % width, Math.floor(at / channels / width)];
    const isThing = Math.abs(x - 800) < 350 && Math.abs(y - 600) < 400;
    pixels[at] = (isThing ? 90 : 150) + 40 * Math.sin(x / 90) * Math.cos(y / 70) + (state >>> 28);
  }
  return sharp(pixels, { raw: { width, height, channels } }).jpeg({ quality: 92 }).toBuffer();
}
