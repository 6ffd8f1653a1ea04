/** `node --import` this: the process is 20 minutes ahead of everybody, beyond the 15 that a signature may be old. */
const AHEAD_MS = 20 * 60_000;
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + AHEAD_MS] : given));
  }

  static now() {
    return RealDate.now() + AHEAD_MS;
  }
};
