import { shade } from './paint.ts';
import type { Sketch } from './sketch.ts';

/** How a thing is turned towards the viewer, in degrees: its right side with yaw, its top with pitch. */
export interface Pose {
  readonly yaw: number;
  readonly pitch: number;
}

type Vector = readonly [number, number, number];

/** Paints one face in its own plane: `width` × `height`, from its upper left corner. */
export type DrawFace = (width: number, height: number) => string;

/** A box in space: x right, y down, z towards the viewer, seen in parallel projection. */
export interface Block {
  /** Its centre. */
  readonly at: Vector;
  /** Width, height, depth. */
  readonly size: Vector;
  /** Paint of every face. */
  readonly fill: string;
  /** Art over the paint. */
  readonly front?: DrawFace;
  readonly sides?: DrawFace;
  readonly top?: DrawFace;
  /** How far its edges are rounded. */
  readonly round?: number;
}

interface Face {
  readonly normal: Vector;
  readonly origin: Vector;
  readonly along: Vector;
  readonly down: Vector;
  readonly size: readonly [number, number];
  readonly art: DrawFace | undefined;
}

function turn([x, y, z]: Vector, { yaw, pitch }: Pose): Vector {
  const [a, b] = [(yaw * Math.PI) / 180, (pitch * Math.PI) / 180];
  const turnedX = x * Math.cos(a) - z * Math.sin(a);
  const turnedZ = x * Math.sin(a) + z * Math.cos(a);
  return [
    turnedX,
    y * Math.cos(b) + turnedZ * Math.sin(b),
    turnedZ * Math.cos(b) - y * Math.sin(b),
  ];
}

function facesOf({ size: [w, h, d], front, sides, top }: Block): readonly Face[] {
  const [x, y, z] = [w / 2, h / 2, d / 2];
  return [
    {
      normal: [0, -1, 0],
      origin: [-x, -y, -z],
      along: [1, 0, 0],
      down: [0, 0, 1],
      size: [w, d],
      art: top,
    },
    {
      normal: [1, 0, 0],
      origin: [x, -y, z],
      along: [0, 0, -1],
      down: [0, 1, 0],
      size: [d, h],
      art: sides,
    },
    {
      normal: [-1, 0, 0],
      origin: [-x, -y, -z],
      along: [0, 0, 1],
      down: [0, 1, 0],
      size: [d, h],
      art: sides,
    },
    {
      normal: [0, 0, 1],
      origin: [-x, -y, z],
      along: [1, 0, 0],
      down: [0, 1, 0],
      size: [w, h],
      art: front,
    },
  ];
}

/** The light comes from the upper left, in front. */
const LIGHT: Vector = [-0.42, -0.72, 0.55];

/** Paints `blocks`, the farthest first, with the point (0, 0, 0) at (x, y) of the sketch. */
export function drawBlocks(
  sketch: Sketch,
  blocks: readonly Block[],
  pose: Pose,
  [x, y]: readonly [number, number] = [500, 500],
): void {
  const byDepth = [...blocks].sort((one, two) => turn(one.at, pose)[2] - turn(two.at, pose)[2]);
  sketch.group(`transform="translate(${x} ${y})"`, () => {
    for (const block of byDepth) drawBlock(sketch, block, pose);
  });
}

function drawBlock(sketch: Sketch, block: Block, pose: Pose): void {
  const visible = facesOf(block).filter(({ normal }) => turn(normal, pose)[2] > 0.001);
  // Rounded faces leave a gap where three of them meet: less rounded ones below fill it.
  if (Math.min(block.round ?? 0, ...block.size) > MIN_GAP) {
    for (const face of visible) {
      const [width, height] = face.size;
      const below = roundedRect(width, height, Math.min(block.round ?? 0, width, height) * 0.14);
      sketch.add(`<g ${place(face, block, pose)} fill="${shade(block.fill, -0.22)}">${below}</g>`);
    }
  }
  for (const face of visible) drawFace(sketch, face, block, pose);
}

/** Corners rounded less than this leave no gap that shows. */
const MIN_GAP = 12;

function drawFace(sketch: Sketch, face: Face, block: Block, pose: Pose): void {
  const [width, height] = face.size;
  const facing = turn(face.normal, pose);
  const light = facing.reduce((sum, value, at) => sum + value * (LIGHT[at] ?? 0), 0);
  const shape = roundedRect(width, height, Math.min(block.round ?? 2, width, height));
  sketch.add(
    `<g ${place(face, block, pose)}>`,
    `<g fill="${block.fill}">${shape}</g>`,
    face.art?.(width, height) ?? '',
    light < 0.5
      ? `<g fill="#000" opacity="${(0.5 - light) * 0.62}">${shape}</g>`
      : `<g fill="#fff" opacity="${(light - 0.5) * 0.5}">${shape}</g>`,
    '</g>',
  );
}

const roundedRect = (width: number, height: number, radius: number): string =>
  `<rect width="${width}" height="${height}" rx="${radius}"/>`;

/** The transform from a face's own plane onto the sketch. */
function place({ origin, along, down }: Face, { at }: Block, pose: Pose): string {
  const [from, u, v, centre] = [
    turn(origin, pose),
    turn(along, pose),
    turn(down, pose),
    turn(at, pose),
  ];
  const matrix = [u[0], u[1], v[0], v[1], centre[0] + from[0], centre[1] + from[1]];
  return `transform="matrix(${matrix.map((value) => value.toFixed(4)).join(' ')})"`;
}
