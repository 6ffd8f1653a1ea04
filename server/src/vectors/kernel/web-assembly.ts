/** The part of the WebAssembly API in use. Node has it; TypeScript declares it for browsers only. */
interface WebAssemblyApi {
  readonly Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array) => KernelModule;
  readonly Instance: new (
    module: KernelModule,
    imports: Readonly<Record<string, Readonly<Record<string, SharedMemory>>>>,
  ) => { readonly exports: unknown };
}

/** A memory that several threads see, and that can grow. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  /** Adds pages of 64 KiB. Grown by none, it lets `buffer` catch up with what another thread grew. */
  grow(pages: number): number;
}

/** Compiled code; threads share it by message. */
export interface KernelModule {
  readonly compiled?: never;
}

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi })
  .WebAssembly;

export const PAGE_BYTES = 65_536;
