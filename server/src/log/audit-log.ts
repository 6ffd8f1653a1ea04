/** Why a line is there. */
export type AuditKind = 'administration' | 'delete-by-filter' | 'denied';

/** What is told of one request. Never a secret, a signature or a picture. */
export interface AuditEvent {
  readonly kind: AuditKind;
  readonly action: string;
  /** Access key id: of whoever signed, or of a request refused before its signature held, as claimed. */
  readonly key: string;
  readonly requestId?: string;
  /** Address of the client. */
  readonly peer?: string;
  /** What was asked, by names on the wire. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The error code; absent if it was done. */
  readonly code?: string;
  /** What it did: `created`, a key's id; `removed`, a number of pictures. */
  readonly result?: Readonly<Record<string, string | number>>;
}

/** Who administered, who was denied, who deleted by filter: lines that are only ever added. */
export interface AuditLog {
  /** Adds a line. Never throws and never waits: a failure to write is told elsewhere, and fails no request. */
  note(event: AuditEvent): void;
  /** Writes out what is still held. */
  close(): Promise<void>;
}
