import { ApiError } from '@likeness/shared/errors';

import type { LibraryOperation } from '../../actions/libraries/operation.ts';
import { LIBRARY_OPERATIONS } from '../../actions/libraries/operations.ts';
import { isTaskPath } from './operator-paths.ts';

/** Which operation a request asks for, and the fields that stand in its path. */
export interface Route {
  readonly operation: LibraryOperation;
  readonly named: Readonly<Record<string, string>>;
}

const PLACEHOLDER = /\{(\w+)\}$/u;

/**
 * @param path behind the API's prefix
 * @param onAllowed told the methods that a path has where the one asked for is not among them
 * @throws {ApiError} `InvalidAction.NotFound`, `UnsupportedHTTPMethod`, `UnsupportedOperationType`
 */
export function findRoute(
  method: string,
  path: string,
  onAllowed: (methods: readonly string[]) => void,
): Route {
  if (isTaskPath(path)) {
    throw new ApiError('UnsupportedOperationType', {
      message: 'Batch imports are not available on this server.',
    });
  }
  const there = LIBRARY_OPERATIONS.flatMap((operation) => {
    const named = matchPath(operation.path, path);
    return named === undefined ? [] : [{ operation, named }];
  });
  if (there.length === 0) throw new ApiError('InvalidAction.NotFound');
  const route = there.find(({ operation }) => operation.method === method);
  if (route !== undefined) return route;
  const methods = there.map(({ operation }) => operation.method);
  onAllowed(methods);
  throw new ApiError('UnsupportedHTTPMethod', {
    message: `The HTTP method is not supported: expected ${methods.join(' or ')}.`,
  });
}

/** Undefined unless the pattern is of the path. */
function matchPath(pattern: string, path: string): Route['named'] | undefined {
  const placeholder = PLACEHOLDER.exec(pattern);
  if (placeholder === null) return pattern === path ? {} : undefined;
  const [written, field = ''] = placeholder;
  const base = pattern.slice(0, -written.length);
  const rest = path.slice(base.length);
  if (!path.startsWith(base) || rest === '' || rest.includes('/')) return undefined;
  return { [field]: decode(rest) };
}

/** What is no percent-encoding names no library: its name is refused like any other. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
