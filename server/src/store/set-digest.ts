/** Bytes of a digest, of a set or of one member. */
export const DIGEST_BYTES = 16;

/**
 * The digest of a set, kept up to date member by member and independent of their order.
 *
 * The sum of the members' own digests, each 16 bytes of a cryptographic hash, lane by lane modulo
 * 2^32: a set that lacks a member, or has another in its place, has the same sum once in 2^128.
 */
export class SetDigest {
  readonly #lanes: Uint32Array;

  constructor(lanes: Uint32Array = new Uint32Array(DIGEST_BYTES / 4)) {
    this.#lanes = lanes;
  }

  /** Reads what {@link toHex} wrote. */
  static fromHex(hex: string): SetDigest {
    const bytes = Buffer.from(hex, 'hex');
    if (bytes.length !== DIGEST_BYTES) throw new RangeError('"hex" expected 32 hex digits');
    const digest = new SetDigest();
    digest.add(bytes);
    return digest;
  }

  add(member: Uint8Array): void {
    this.#combine(member, 1);
  }

  remove(member: Uint8Array): void {
    this.#combine(member, -1);
  }

  copy(): SetDigest {
    return new SetDigest(this.#lanes.slice());
  }

  toHex(): string {
    const bytes = Buffer.alloc(DIGEST_BYTES);
    this.#lanes.forEach((lane, index) => bytes.writeUInt32LE(lane, index * 4));
    return bytes.toString('hex');
  }

  #combine(member: Uint8Array, sign: 1 | -1): void {
    const view = new DataView(member.buffer, member.byteOffset, DIGEST_BYTES);
    for (let lane = 0; lane < this.#lanes.length; lane += 1) {
      // A Uint32Array keeps the low 32 bits of whatever is assigned.
      this.#lanes[lane] = (this.#lanes[lane] ?? 0) + sign * view.getUint32(lane * 4, true);
    }
  }
}
