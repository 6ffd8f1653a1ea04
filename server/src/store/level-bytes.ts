/** Reads LevelDB's own encodings. Throws `RangeError` past the end. */
export class LevelBytes {
  readonly #bytes: Buffer;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.offset >= this.#bytes.length;
  }

  byte(): number {
    const value = this.#bytes.readUInt8(this.offset);
    this.offset += 1;
    return value;
  }

  /** Seven bits a byte, the lowest first; the highest bit says that more follow. */
  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      if (scale > 2 ** 40) throw new RangeError('a number of too many bytes');
    }
  }

  uint32(): number {
    return this.take(4).readUInt32LE();
  }

  /** Whole numbers below 2^53. */
  uint64(): number {
    return Number(this.take(8).readBigUInt64LE());
  }

  take(length: number): Buffer {
    const end = this.offset + length;
    if (end > this.#bytes.length) throw new RangeError(`ends before byte ${end}`);
    const part = this.#bytes.subarray(this.offset, end);
    this.offset = end;
    return part;
  }

  /** A length and so many bytes. */
  slice(): Buffer {
    return this.take(this.varint());
  }
}
