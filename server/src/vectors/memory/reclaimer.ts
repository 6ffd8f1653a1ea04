/** Given back before other work gets its turn: a save may have held back the places of a hundred thousand rows. */
const SLICE = 256;

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
  /** Whether more is due, and given back when other work has had its turn. */
  #isDraining = false;

  begin(): number {
    this.#newest += 1;
    this.#reading.add(this.#newest);
    return this.#newest;
  }

  end(serial: number): void {
    this.#reading.delete(serial);
    if (!this.#isDraining) this.#giveBack();
  }

  /** Runs `giveBack` once no reader that has begun by now is left: at once, if there is none, and nothing before it. */
  retire(giveBack: () => void): void {
    if (this.#reading.size === 0 && this.#retired.length === 0) giveBack();
    else this.#retired.push({ serial: this.#newest, giveBack });
  }

  #giveBack(): void {
    const oldest = this.#oldest();
    const isDue = (index: number): boolean =>
      (this.#retired[index]?.serial ?? Number.POSITIVE_INFINITY) < oldest;
    let done = 0;
    for (; done < SLICE && isDue(done); done += 1) this.#retired[done]?.giveBack();
    this.#isDraining = isDue(done);
    if (done > 0) this.#retired.splice(0, done);
    if (this.#isDraining) setImmediate(() => this.#giveBack());
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
