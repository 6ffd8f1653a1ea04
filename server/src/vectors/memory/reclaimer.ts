/**
 * Puts off giving back what a reader under way may still look at.
 *
 * Readers (searches, saves) begin and end. What is retired meanwhile is given back when the last
 * reader that began before has ended. So a reader sees the rows as they were when it began.
 */
export class Reclaimer {
  readonly #reading = new Set<number>();
  readonly #retired: { readonly serial: number; readonly giveBack: () => void }[] = [];
  #newest = 0;

  begin(): number {
    this.#newest += 1;
    this.#reading.add(this.#newest);
    return this.#newest;
  }

  end(serial: number): void {
    this.#reading.delete(serial);
    const oldest = this.#oldest();
    let done = 0;
    for (const { serial: retiredAt, giveBack } of this.#retired) {
      if (retiredAt >= oldest) break;
      giveBack();
      done += 1;
    }
    if (done > 0) this.#retired.splice(0, done);
  }

  /** Runs `giveBack` once no reader that has begun by now is left: at once, if there is none. */
  retire(giveBack: () => void): void {
    if (this.#reading.size === 0) giveBack();
    else this.#retired.push({ serial: this.#newest, giveBack });
  }

  /** Whether any reader is under way. */
  get isRead(): boolean {
    return this.#reading.size > 0;
  }

  #oldest(): number {
    for (const serial of this.#reading) return serial;
    return Number.POSITIVE_INFINITY;
  }
}
