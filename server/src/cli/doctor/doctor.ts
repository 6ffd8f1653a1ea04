import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { InvalidArgumentError, type Command } from 'commander';

import { loadConfig, type Config } from '../../config/config.ts';
import { ConfigError } from '../../config/config-error.ts';
import { readOpenFileLimit } from '../../http/open-file-limit.ts';
import { loadKernel } from '../../vectors/kernel/kernel.ts';
import { EMBEDDED_PACK_FOLDER } from '../../vision/create-vision.ts';
import { formatTable } from '../table.ts';
import { processTerminal, type Terminal } from '../terminal.ts';
import { askClockKeepers } from './clock-keepers.ts';
import { checkDisk, checkSecrets, newestFileMs } from './disk-checks.ts';
import { checkEngine, checkModules, checkPack } from './engine-checks.ts';
import type { Finding } from './finding.ts';
import { judgeClock, judgeOpenFiles, judgeProcessor, readCpuFeatures } from './machine-checks.ts';

interface DoctorOptions {
  readonly dataDir?: string;
  readonly model?: string;
  readonly seconds: number;
  readonly json?: true;
}

const DEFAULT_SECONDS = 5;
const MAX_SECONDS = 600;
const ASK_TIMEOUT_MS = 3_000;

/** `likeness doctor`: whether this machine is fit to run a server, and what to do where it is not. */
export function registerDoctor(program: Command, terminal: Terminal = processTerminal): void {
  program
    .command('doctor')
    .description(
      'check processor, native modules, disk, file limits, model, clock; search; measure. Exit code 1 when something failed',
    )
    .option('--data-dir <folder>', 'folder that the server keeps its data in (LIKENESS_DATA_DIR)')
    .option('--model <folder>', 'folder of the model pack (LIKENESS_MODEL)')
    .option('--seconds <number>', 'how long to measure', readSeconds, DEFAULT_SECONDS)
    .option('--json', 'print the findings as JSON')
    .action(async (options: DoctorOptions) => {
      try {
        await examine(options, terminal);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        terminal.complain(error.message);
        terminal.fail();
      }
    });
}

async function examine(options: DoctorOptions, terminal: Terminal): Promise<void> {
  const { dataDir, model, seconds } = options;
  const config = loadConfig(process.env, {
    ...(dataDir !== undefined && { dataDir }),
    ...(model !== undefined && { model }),
  });
  const findings = await checkAll(config, seconds * 1000);
  if (options.json) terminal.print(JSON.stringify(findings, null, 2));
  else printFindings(findings, terminal);
  if (findings.some(({ verdict }) => verdict === 'failed')) terminal.fail();
}

async function checkAll(config: Config, benchmarkMs: number): Promise<readonly Finding[]> {
  const { dataDir, reserveBytes, maxConnections, modelFolder } = config;
  const packFolder = modelFolder ?? fileURLToPath(EMBEDDED_PACK_FOLDER);
  return [
    judgeProcessor(await readProcessor()),
    judgeOpenFiles(await readOpenFileLimit(), maxConnections),
    judgeClock({
      nowMs: Date.now(),
      newestFileMs: await newestFileMs(dataDir),
      isSynchronised: await askClockKeepers(ask),
    }),
    ...(await checkModules()),
    ...(await checkDisk(dataDir, reserveBytes)),
    await checkSecrets(dataDir),
    await checkPack(packFolder),
    ...(await checkEngine({ packFolder, benchmarkMs, workers: config.workers })),
  ];
}

async function readProcessor() {
  const cpuInfo = await readFile('/proc/cpuinfo', 'utf8').catch(() => undefined);
  return {
    architecture: process.arch,
    features: cpuInfo === undefined ? undefined : readCpuFeatures(cpuInfo),
    cores: availableParallelism(),
    hasWasmSimd: loadsKernel(),
  };
}

/** Whether the code that searches, which is all vector instructions, runs here. */
function loadsKernel(): boolean {
  try {
    loadKernel();
    return true;
  } catch {
    return false;
  }
}

/** What a program of the machine prints; none is waited for long. */
async function ask(program: string, args: readonly string[]): Promise<string | undefined> {
  const options = { timeout: ASK_TIMEOUT_MS };
  return promisify(execFile)(program, args, options).then(
    ({ stdout }) => stdout,
    () => undefined,
  );
}

function printFindings(findings: readonly Finding[], terminal: Terminal): void {
  const rows = findings.map(({ check, verdict, detail }) => [check, verdict, detail]);
  terminal.print(formatTable(['check', 'verdict', 'what was found'], rows));
  for (const { check, advice } of findings) {
    if (advice !== '') terminal.print(`${check}: ${advice}`);
  }
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds >= 0 && seconds <= MAX_SECONDS) return seconds;
  throw new InvalidArgumentError(`a number from 0 to ${MAX_SECONDS} is expected`);
}
