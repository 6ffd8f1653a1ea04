import sharp from 'sharp';

/** Blobs a side: enough that no two seeds look alike. */
const GRAIN = 6;

/** A picture of coloured blobs as PNG: the same for the same seed, unlike any other's. */
export async function drawTexture(
  seed: number,
  widthPx = 160,
  heightPx = widthPx,
): Promise<Buffer> {
  const noise = Buffer.alloc(GRAIN * GRAIN * 3);
  let state = seed * 2_654_435_761 + 1;
  for (let i = 0; i < noise.length; i += 1) {
    // Knuth's linear congruential generator; its high bits are random enough to look at.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    noise[i] = state >>> 24;
  }
  return sharp(noise, { raw: { width: GRAIN, height: GRAIN, channels: 3 } })
    .resize(widthPx, heightPx, { kernel: 'cubic', fit: 'fill' })
    .png()
    .toBuffer();
}

/** The same as JPEG, whose EXIF says that it lies on its side. */
export async function drawRotated(seed: number): Promise<Buffer> {
  const picture = await drawTexture(seed);
  return sharp(picture).withMetadata({ orientation: 6 }).jpeg().toBuffer();
}
