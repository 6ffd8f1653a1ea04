import { ApiError } from '@likeness/shared/errors';
import { describeJson, TagSyntaxError } from '@likeness/shared/filter';
import type { z } from 'zod';

/** A request's fields by their names on the wire, as they were sent; a picture in Base64 as its bytes. */
export type RequestFields = Readonly<Record<string, unknown>>;

/** Faults that a refusal tells. */
const MAX_TOLD = 3;

/**
 * Checks a request. A field that is null counts as absent.
 *
 * @throws {ApiError} `BadRequest` naming each field and what was expected; `InvalidFilterClause` for a tag filter,
 *   `UnsupportedPicFormat` for a picture that is no Base64
 */
export function readRequest<Schema extends z.ZodObject>(
  schema: Schema,
  fields: RequestFields,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  const { data, error } = parse(schema, given);
  if (error === undefined) return data as z.output<Schema>;
  const told = error.issues
    .slice(0, MAX_TOLD)
    .flatMap((issue) => describeIssue(issue, given, schema));
  const isPicture = error.issues.every((issue) => isUnreadablePicture(issue, given));
  throw new ApiError(isPicture ? 'UnsupportedPicFormat' : 'BadRequest', {
    message: told.join('; '),
  });
}

/** Tags and tag filters have readers of their own. */
function parse(
  schema: z.ZodObject,
  given: RequestFields,
): { readonly data?: unknown; readonly error?: z.ZodError } {
  try {
    return schema.safeParse(given);
  } catch (error) {
    if (!(error instanceof TagSyntaxError)) throw error;
    const code = error.path.startsWith('tag_filter') ? 'InvalidFilterClause' : 'BadRequest';
    throw new ApiError(code, { message: error.message, cause: error });
  }
}

function describeIssue(
  issue: z.core.$ZodIssue,
  given: RequestFields,
  schema: z.ZodObject,
): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(schema.shape).join(', ');
    return issue.keys.map((key) => `${describeJson(key)}: no such field; expected ${known}`);
  }
  const path = issue.path.join('.');
  return [`${path}: expected ${issue.message}, got ${describeGiven(issue, given)}`];
}

/** Never the text of a picture. */
function describeGiven(issue: z.core.$ZodIssue, given: RequestFields): string {
  const value = given[String(issue.path[0] ?? '')];
  if (!isUnreadablePicture(issue, given)) return describeJson(value);
  if (typeof value === 'string') return 'other text';
  return ArrayBuffer.isView(value) ? 'no bytes' : describeJson(value);
}

function isUnreadablePicture({ path }: z.core.$ZodIssue, given: RequestFields): boolean {
  return path[0] === 'image_base64' && given['image_base64'] !== undefined;
}
