import { OPERATOR_PREFIX } from '@likeness/shared/api';

export { OPERATOR_PREFIX };

/** Batch imports: documented by the vendor, and not offered here. */
const TASKS = 'image/tasks';

/** What stands behind the prefix in a request's target, without its query; undefined for another API's. */
export function operatorPathOf(target: string): string | undefined {
  const path = target.replace(/^https?:\/\/[^/?]*/iu, '').split('?', 1)[0] ?? '';
  if (path === OPERATOR_PREFIX) return '';
  return path.startsWith(`${OPERATOR_PREFIX}/`)
    ? path.slice(OPERATOR_PREFIX.length + 1)
    : undefined;
}

export function isTaskPath(path: string): boolean {
  return path === TASKS || path.startsWith(`${TASKS}/`);
}
