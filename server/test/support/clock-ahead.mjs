/** Loaded into a process (`node --import`): its clock is CLOCK_AHEAD_MS milliseconds ahead of the machine's. */
const RealDate = Date;
const aheadMs = Number(process.env.CLOCK_AHEAD_MS);

globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length === 0 ? [RealDate.now() + aheadMs] : given));
  }

  static now() {
    return RealDate.now() + aheadMs;
  }
};
