import type { NeededRole } from '@likeness/shared/api';
import type { z } from 'zod';

import type { CollectionName } from '../../auth/rights.ts';
import type { AuditEvent, AuditKind } from '../../log/audit-log.ts';
import type { ActionServices, CallContext } from '../action.ts';
import { runAuthorized } from '../authorized-use.ts';
import { noSuchLibrary } from './library.ts';
import { readRequest, type RequestFields } from './read-request.ts';

type Answer = Readonly<Record<string, unknown>>;

/** What is said of an operation wherever it is listed: in the API's document, in rights, in logs. */
export interface OperationFacts {
  readonly method: 'GET' | 'POST';
  /** Under the API's prefix. `{library_name}` stands for a library's name. */
  readonly path: string;
  readonly summary: string;
  /** Least role of a key that may. */
  readonly role: NeededRole;
  /** Makes the library that it names. */
  readonly creates?: boolean;
  readonly request: z.ZodObject;
  /** Its request may be a form too, with the picture as it is. */
  readonly takesMultipart?: boolean;
  /** The `data` of its answer. */
  readonly answer: z.ZodObject;
}

/** One operation of the operator API: knows no HTTP. */
export interface LibraryOperation extends OperationFacts {
  /** What it is called in logs, metrics and usage: its path, without what stands for a name. */
  readonly name: string;
  /**
   * Checks the request, then the caller's rights, then does the work.
   *
   * @param fields as sent: members of the JSON body, of the form, or of the query; pictures decoded
   * @throws {ApiError} codes of the engine, which the API has words of its own for
   */
  readonly run: (
    fields: RequestFields,
    call: CallContext,
    services: ActionServices,
  ) => Promise<Answer>;
}

interface OperationSpec<
  Request extends z.ZodObject,
  Data extends z.ZodObject,
> extends OperationFacts {
  readonly request: Request;
  readonly answer: Data;
  /** Undefined for a request that has no line in the audit log. Administration has one always. */
  readonly auditKind?: (request: z.output<Request>) => AuditKind | undefined;
  readonly work: (
    request: z.output<Request>,
    call: CallContext,
    services: ActionServices,
  ) => Promise<z.output<Data>>;
}

/** An operation for those whose rights suffice. */
export function defineOperation<Request extends z.ZodObject, Data extends z.ZodObject>(
  spec: OperationSpec<Request, Data>,
): LibraryOperation {
  const { work, auditKind = () => administrationOf(spec), ...facts } = spec;
  const name = spec.path.replace(/\/\{.*\}$/u, '');
  return {
    ...facts,
    name,
    run: async (fields, call, services) => {
      const request = readRequest(spec.request, fields);
      const library = libraryOf(request);
      const use = {
        name,
        asked: {
          role: spec.role,
          collections: library === undefined ? [] : [library],
          creates: spec.creates ?? false,
        },
        absent: () => noSuchLibrary(library?.name ?? ''),
        auditKind: auditKind(request),
        tell: () => tellFields(fields),
        resultOf,
      };
      return runAuthorized(use, call, services.audit, () => work(request, call, services));
    },
  };
}

function libraryOf(request: Readonly<Record<string, unknown>>): CollectionName | undefined {
  const { library_name: name } = request;
  return typeof name === 'string' ? { facade: 'library', name } : undefined;
}

function administrationOf({ role, method }: OperationFacts): AuditKind | undefined {
  return role === 'admin' && method === 'POST' ? 'administration' : undefined;
}

/** Pictures are left out. */
function tellFields(fields: RequestFields): Record<string, string> {
  const told = Object.entries(fields).filter(([name]) => name !== 'image_base64');
  return Object.fromEntries(
    told.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

function resultOf(answer: Answer): Pick<AuditEvent, 'result'> {
  const removed = answer['deleted_images'] ?? answer['deleted_count'];
  return typeof removed === 'number' ? { result: { removed } } : {};
}
