import { TestEnvironment } from 'jest-environment-node';

/** Lets a typed array from a worker or a native addon pass `instanceof` inside a test. */
export default class SameRealmEnvironment extends TestEnvironment {
  override async setup(): Promise<void> {
    await super.setup();
    Object.assign(this.global, {
      ArrayBuffer,
      Uint8Array,
      Float32Array,
      Float64Array,
      Int32Array,
      BigInt64Array,
    });
  }
}
