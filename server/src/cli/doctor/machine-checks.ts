/** Checks of the machine: processor, open files, clock. Each judges what it is given, and reads nothing. */
import { failed, fine, warning, type Finding } from './finding.ts';

const CPU = 'processor';
const FILES = 'open files';
const CLOCK = 'clock';

/** What the libraries with native code are built for. */
const NEEDED = { x64: 'sse4_2', arm64: 'asimd' } as const;
/** What makes looking at pictures two to three times faster. */
const USEFUL = { x64: 'avx2', arm64: 'asimddp' } as const;
const FASTER_STILL: ReadonlySet<string> = new Set(['avx512_vnni', 'avx_vnni', 'i8mm']);

export interface Processor {
  /** Node's name of the architecture. */
  readonly architecture: string;
  /** Features as /proc/cpuinfo names them; undefined elsewhere than on Linux. */
  readonly features: ReadonlySet<string> | undefined;
  readonly cores: number;
  /** Whether this Node runs vector instructions in WebAssembly. */
  readonly hasWasmSimd: boolean;
}

export function judgeProcessor(processor: Processor): Finding {
  const { architecture, features, cores, hasWasmSimd } = processor;
  const summary = `${architecture}, ${cores} cores`;
  if (!hasWasmSimd) {
    const advice =
      'Searches cannot run. Use Node 20.19 or newer on a processor with SSE4.1 or NEON.';
    return failed(CPU, `${summary}, no vector instructions in WebAssembly`, advice);
  }
  if (architecture !== 'x64' && architecture !== 'arm64') {
    return failed(CPU, summary, 'Likeness runs on x64 and arm64.');
  }
  if (features === undefined) return fine(CPU, `${summary}, features not told by this system`);
  const needed = NEEDED[architecture];
  if (!features.has(needed)) {
    return failed(CPU, `${summary}, without ${needed}`, 'Pictures cannot be decoded on it.');
  }
  const useful = USEFUL[architecture];
  if (!features.has(useful)) {
    const advice =
      'Looking at pictures takes two to three times as long as it could. In a virtual machine, have the host pass its processor on (cpu type "host").';
    return warning(CPU, `${summary}, without ${useful}`, advice);
  }
  const named = [useful, ...[...features].filter((feature) => FASTER_STILL.has(feature))];
  return fine(CPU, `${summary}, ${named.join(', ')}`);
}

/** Features in the text of /proc/cpuinfo. */
export function readCpuFeatures(cpuInfo: string): ReadonlySet<string> {
  const line = /^(?:flags|Features)\s*:\s*(.*)$/mu.exec(cpuInfo)?.[1] ?? '';
  return new Set(line.split(/\s+/u).filter((feature) => feature !== ''));
}

/** Beside connections: LevelDB's files, pipes, logs. */
const OTHER_FILES = 1_000;
const FEWEST_FILES = 512;

/** @param limit files that a process may have open; undefined where the system does not tell */
export function judgeOpenFiles(limit: number | undefined, maxConnections: number): Finding {
  if (limit === undefined) return fine(FILES, 'not told by this system');
  const wanted = maxConnections + OTHER_FILES;
  const advice = `Raise it to ${wanted} or more: LimitNOFILE= in the systemd unit, or ulimit -n. Until then fewer connections are taken.`;
  if (limit < FEWEST_FILES) return failed(FILES, `${limit}`, advice);
  if (limit < wanted) return warning(FILES, `${limit} for ${maxConnections} connections`, advice);
  return fine(FILES, `${limit}`);
}

/** No clock is right that says less. */
const EARLIEST_MS = Date.UTC(2026, 0, 1);
/** Later than any file is written ahead of the clock. */
const FUTURE_MS = 60_000;

export interface ClockFacts {
  readonly nowMs: number;
  /** When the newest file of the data folder was written. */
  readonly newestFileMs: number | undefined;
  /** Whether the system says that it keeps its clock by others; undefined if it says nothing. */
  readonly isSynchronised: boolean | undefined;
}

export function judgeClock({ nowMs, newestFileMs, isSynchronised }: ClockFacts): Finding {
  const told = new Date(nowMs).toISOString();
  const set = 'Set the clock, and keep it by NTP (systemd-timesyncd, chrony).';
  const why = 'Requests signed more than 15 minutes from it are refused.';
  if (nowMs < EARLIEST_MS) return failed(CLOCK, told, `${set} ${why}`);
  if (newestFileMs !== undefined && newestFileMs > nowMs + FUTURE_MS) {
    const newest = new Date(newestFileMs).toISOString();
    const detail = `${told}, though the data folder was written at ${newest}`;
    return warning(CLOCK, detail, `It was set back, or is wrong now. ${set} ${why}`);
  }
  if (isSynchronised === false) return warning(CLOCK, `${told}, kept by nobody`, `${set} ${why}`);
  return fine(CLOCK, isSynchronised === true ? `${told}, kept by NTP` : told);
}
