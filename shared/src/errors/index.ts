/** The codes the service answers with, and the one class that carries them. */
export {
  ApiError,
  invalidParameter,
  missingParameter,
  overloaded,
  type ApiErrorOptions,
} from './api-error.ts';
export { ERROR_CODES, type ErrorCode, type ErrorCodeSpec } from './error-codes.ts';
