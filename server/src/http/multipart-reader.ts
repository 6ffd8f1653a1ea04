import { ApiError } from '@likeness/shared/errors';

/*
 * multipart/form-data as the vendor's SDKs write it, which is not always as RFC 2046 has it:
 *
 *     form      = preamble part* "--" boundary "--" epilogue
 *     part      = "--" boundary CRLF header-line* CRLF content
 *     content   = anything but "--" boundary followed by CRLF or "--"
 *
 * No CRLF is asked for before a boundary: the Node SDK writes none after a file. Line breaks before it are the
 * form's, as many as were written: the caller tells.
 */

/** Bytes of a part's header lines, and of the preamble. */
const MAX_HEADER_BYTES = 2 * 1024;
/** Parts of a form; the SDKs send seven. */
const MAX_PARTS = 20;
/** RFC 2046. */
const MAX_BOUNDARY_LENGTH = 70;

const HEADERS_END = Buffer.from('\r\n\r\n');
const LINE_BREAK = Buffer.from('\r\n');
const DASHES = Buffer.from('--');
/** CRLF, or the two dashes after the last part. */
const AFTER_BOUNDARY_BYTES = 2;
/** Two line breaks: what may stand before a boundary and not be the part's. */
const MAX_BREAK_BYTES = 4;

/** What becomes known of a form, in its order. */
export type MultipartEvent =
  | { readonly kind: 'part'; readonly name: string }
  /** The part's next bytes; valid until the next `push`. */
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'end' };

/** Line breaks, two at most, that stand before the boundary after a part and do not belong to it. */
export type CountBreaks = (part: { readonly name: string; readonly isLast: boolean }) => number;

type State = 'preamble' | 'headers' | 'content' | 'epilogue';

/** The boundary that a `Content-Type` names; undefined where it is no multipart form with one. */
export function readBoundary(contentType: string | undefined): string | undefined {
  const [, parameters] = /^\s*multipart\/form-data\s*;(.*)$/isu.exec(contentType ?? '') ?? [];
  const [, quoted, plain] =
    /(?:^|;)\s*boundary=(?:"([^"]+)"|([^\s;"]+))/iu.exec(parameters ?? '') ?? [];
  const boundary = quoted ?? plain;
  const isUsable = boundary !== undefined && boundary.length <= MAX_BOUNDARY_LENGTH;
  return isUsable ? boundary : undefined;
}

/**
 * Cuts a form into its parts as it arrives. Looks at each byte once and holds back no more than a boundary takes,
 * or a part's header lines.
 */
export class MultipartReader {
  readonly #delimiter: Buffer;
  readonly #countBreaks: CountBreaks;
  #state: State = 'preamble';
  #rest: Buffer = Buffer.alloc(0);
  #name = '';
  #parts = 0;

  constructor(boundary: string, countBreaks: CountBreaks) {
    this.#delimiter = Buffer.from(`--${boundary}`, 'latin1');
    this.#countBreaks = countBreaks;
  }

  /** @throws {ApiError} `MalformedPOSTRequest` */
  push(chunk: Buffer): readonly MultipartEvent[] {
    const events: MultipartEvent[] = [];
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.#step(events)) {
      // Until more bytes are needed.
    }
    return events;
  }

  /** The body has ended. @throws {ApiError} `MalformedPOSTRequest` where the form has not */
  finish(): void {
    if (this.#state !== 'epilogue') throw malformedForm('it ends before its last boundary');
  }

  /** One part of the form further; false where that takes more bytes. */
  #step(events: MultipartEvent[]): boolean {
    switch (this.#state) {
      case 'preamble':
        return this.#skipPreamble();
      case 'headers':
        return this.#readHeaders(events);
      case 'content':
        return this.#readContent(events);
      case 'epilogue':
        this.#rest = Buffer.alloc(0);
        return false;
    }
  }

  #skipPreamble(): boolean {
    const at = this.#findDelimiter();
    if (at === undefined) return this.#holdAtMost(MAX_HEADER_BYTES, 'it begins with no boundary');
    this.#pass(at);
    return true;
  }

  #readHeaders(events: MultipartEvent[]): boolean {
    const end = this.#rest.indexOf(HEADERS_END);
    if (end === -1) return this.#holdAtMost(MAX_HEADER_BYTES, 'the head of a part is too long');
    const lines = this.#rest.subarray(0, end).toString('utf8').split('\r\n');
    this.#rest = this.#rest.subarray(end + HEADERS_END.length);
    this.#parts += 1;
    if (this.#parts > MAX_PARTS) throw malformedForm(`it has more than ${MAX_PARTS} parts`);
    this.#name = readName(lines);
    this.#state = 'content';
    events.push({ kind: 'part', name: this.#name });
    return true;
  }

  #readContent(events: MultipartEvent[]): boolean {
    const at = this.#findDelimiter();
    if (at === undefined) {
      const held = MAX_BREAK_BYTES + this.#delimiter.length + AFTER_BOUNDARY_BYTES - 1;
      const safe = Math.max(0, this.#rest.length - held);
      if (safe > 0) events.push({ kind: 'data', bytes: this.#rest.subarray(0, safe) });
      // Copied: a piece of a chunk would keep the whole chunk.
      this.#rest = Buffer.from(this.#rest.subarray(safe));
      return false;
    }
    const isLast = this.#isDashes(at);
    let end = at;
    for (let left = this.#countBreaks({ name: this.#name, isLast }); left > 0; left -= 1) {
      const start = end - LINE_BREAK.length;
      if (start < 0 || !this.#rest.subarray(start, end).equals(LINE_BREAK)) break;
      end = start;
    }
    if (end > 0) events.push({ kind: 'data', bytes: this.#rest.subarray(0, end) });
    events.push({ kind: 'end' });
    this.#pass(at);
    return true;
  }

  /** Goes on behind the boundary at `at`. */
  #pass(at: number): void {
    this.#state = this.#isDashes(at) ? 'epilogue' : 'headers';
    this.#rest = this.#rest.subarray(at + this.#delimiter.length);
  }

  /** Where the first boundary stands that is one for sure. */
  #findDelimiter(): number | undefined {
    for (let from = 0; ; from += 1) {
      from = this.#rest.indexOf(this.#delimiter, from);
      if (from === -1) return undefined;
      const after = this.#afterDelimiter(from);
      if (after.length < AFTER_BOUNDARY_BYTES) return undefined;
      if (after.equals(LINE_BREAK) || after.equals(DASHES)) return from;
    }
  }

  #isDashes(at: number): boolean {
    return this.#afterDelimiter(at).equals(DASHES);
  }

  #afterDelimiter(at: number): Buffer {
    const from = at + this.#delimiter.length;
    return this.#rest.subarray(from, from + AFTER_BOUNDARY_BYTES);
  }

  #holdAtMost(maxBytes: number, problem: string): false {
    if (this.#rest.length > maxBytes) throw malformedForm(problem);
    return false;
  }
}

/** @throws {ApiError} `MalformedPOSTRequest` where no `Content-Disposition` names the part */
function readName(lines: readonly string[]): string {
  const line = lines.find((each) => /^content-disposition\s*:\s*form-data\s*;/iu.test(each)) ?? '';
  const [, quoted, plain] = /;\s*name=(?:"([^"]*)"|([^\s;"]+))/iu.exec(line) ?? [];
  const name = quoted ?? plain;
  if (name === undefined) throw malformedForm('a part has no name');
  return name;
}

/** The refusal of a form, and what is wrong with it. */
export function malformedForm(problem: string): ApiError {
  return new ApiError('MalformedPOSTRequest', {
    message: `The body of your POST request is not well-formed multipart/form-data: ${problem}.`,
  });
}
