import { ApiError } from '@likeness/shared/errors';

import { MAX_UPLOAD_FIELD_BYTES } from './limits.ts';
import { malformedForm, MultipartReader, type CountBreaks } from './multipart-reader.ts';

/** The field that is the picture, whether it has a file name or not. */
const FILE = 'file';

/** Where the bytes of a form's file go. */
export interface FileTarget {
  write(piece: Uint8Array): Promise<void>;
}

export interface UploadFormOptions {
  readonly boundary: string;
  readonly userAgent: string;
  /** Called when the file begins, with the fields that came before it. */
  readonly onFile: (fields: ReadonlyMap<string, string>) => Promise<FileTarget>;
}

/** The form of an upload, taken in piece by piece: its fields are kept, its file goes on to where it is to lie. */
export class UploadForm {
  readonly #reader: MultipartReader;
  readonly #onFile: UploadFormOptions['onFile'];
  readonly #fields = new Map<string, string>();
  #name = '';
  #pieces: Buffer[] = [];
  #fieldBytes = 0;
  #file: FileTarget | undefined;

  constructor({ boundary, userAgent, onFile }: UploadFormOptions) {
    this.#reader = new MultipartReader(boundary, breaksOf(userAgent));
    this.#onFile = onFile;
  }

  /** @throws {ApiError} `MalformedPOSTRequest`; what `onFile` and its target throw */
  async take(chunk: Buffer): Promise<void> {
    for (const event of this.#reader.push(chunk)) {
      if (event.kind === 'part') await this.#begin(event.name);
      else if (event.kind === 'data') await this.#add(event.bytes);
      else this.#end();
    }
  }

  /** The body has ended. @throws {ApiError} `MalformedPOSTRequest`; `InvalidArgument` if no file came */
  finish(): void {
    this.#reader.finish();
    if (this.#file !== undefined) return;
    throw new ApiError('InvalidArgument', {
      message: `Bucket POST must contain a field named '${FILE}'.`,
    });
  }

  async #begin(name: string): Promise<void> {
    this.#name = name;
    if (name !== FILE) return;
    if (this.#file !== undefined) throw malformedForm('it has more than one file');
    this.#file = await this.#onFile(this.#fields);
  }

  async #add(bytes: Buffer): Promise<void> {
    if (this.#name === FILE) return this.#file?.write(bytes);
    this.#fieldBytes += bytes.length;
    if (this.#fieldBytes > MAX_UPLOAD_FIELD_BYTES) throw malformedForm('its fields are too long');
    // Copied: these bytes are the form's until the next ones come.
    this.#pieces.push(Buffer.from(bytes));
  }

  #end(): void {
    if (this.#name === FILE) return;
    if (this.#fields.has(this.#name)) throw malformedForm('it has a field twice');
    this.#fields.set(this.#name, Buffer.concat(this.#pieces).toString('utf8'));
    this.#pieces = [];
  }
}

/**
 * Line breaks between a file and its boundary: one, as the standard has it, but none by the Node SDK from 4.2.3 on,
 * whose file is not the last part, and two by Go's.
 */
function breaksOf(userAgent: string): CountBreaks {
  const isGo = userAgent.includes(' Golang/');
  const isNode = userAgent.includes(' Node.js/');
  return ({ name, isLast }) => {
    if (name !== FILE) return 1;
    if (isGo) return 2;
    return isNode && !isLast ? 0 : 1;
  };
}
