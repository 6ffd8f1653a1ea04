/** The parameters that say which pictures are wanted, and how many. */
import { LIMITS } from '@likeness/shared/api';
import { ApiError, missingParameter } from '@likeness/shared/errors';
import {
  FilterSyntaxError,
  parseFilter,
  readTagFilter,
  TagSyntaxError,
  type Filter,
} from '@likeness/shared/filter';

import type { RequestParameters } from './action.ts';
import { badRequest, readBoolean, readInteger } from './parameters.ts';

export interface Window {
  readonly start: number;
  readonly num: number;
}

export interface Ranking extends Window {
  readonly filter?: Filter;
  readonly minScore: number;
  readonly distinct: boolean;
}

/** Integers above a maximum get a code of their own, so they are read unbounded first. */
const UNBOUNDED = { min: 1, max: Number.POSITIVE_INFINITY };
const START_RANGE = { min: 0, max: LIMITS.MAX_START };

/** 0–1 with at most two decimals. */
const SCORE = /^(?:0|0?\.\d{1,2}|1(?:\.0{1,2})?)$/u;

/**
 * `Start` and `Num`.
 *
 * @throws {ApiError} `InvalidNumParameter`, `OverflowMaxReturnNum`, `InvalidStartParameter`,
 *   `OverflowMaxResultNum`, in this order.
 */
export function readWindow(parameters: RequestParameters): Window {
  const num =
    readInteger(parameters, 'Num', UNBOUNDED, () => new ApiError('InvalidNumParameter')) ??
    LIMITS.DEFAULT_NUM;
  if (num > LIMITS.MAX_NUM) throw new ApiError('OverflowMaxReturnNum');
  const start =
    readInteger(parameters, 'Start', START_RANGE, () => new ApiError('InvalidStartParameter')) ??
    LIMITS.DEFAULT_START;
  if (start + num > LIMITS.MAX_WINDOW) throw new ApiError('OverflowMaxResultNum');
  return { start, num };
}

/** @throws {ApiError} as {@link readWindow}, `InvalidFilterClause`, `BadRequest` */
export function readRanking(parameters: RequestParameters): Ranking {
  return {
    ...readWindow(parameters),
    ...readFilter(parameters),
    minScore: readScoreThreshold(parameters),
    distinct: readBoolean(parameters, 'DistinctProductId') ?? false,
  };
}

/**
 * `Filter`, in an object that lacks it if it is absent.
 *
 * @throws {ApiError} `InvalidFilterClause`, whose message says what was expected, and where.
 */
export function readFilter({ text }: RequestParameters): { readonly filter?: Filter } {
  const written = text.get('Filter');
  return written === undefined ? {} : { filter: parseFilterClause(written) };
}

/**
 * `Filter`, where there must be one.
 *
 * @throws {ApiError} `MissingFilter`, `InvalidFilterClause`
 */
export function requireFilter(parameters: RequestParameters): Filter {
  const { filter } = readFilter(parameters);
  if (filter === undefined) throw missingParameter('Filter');
  return filter;
}

/**
 * `Filter` of a library: a tag filter in JSON.
 *
 * @throws {ApiError} `InvalidFilterClause`, whose message says where, and what was expected
 */
export function readLibraryFilter({ text }: RequestParameters): { readonly filter?: Filter } {
  const written = text.get('Filter');
  if (written === undefined) return {};
  const filter = parseClause(written, (json) => readTagFilter(parseJson(json)));
  return filter === undefined ? {} : { filter };
}

function parseFilterClause(written: string): Filter {
  return parseClause(written, parseFilter);
}

function parseClause<Result>(written: string, parse: (text: string) => Result): Result {
  if (written.length > LIMITS.MAX_FILTER_LENGTH) {
    throw invalidFilter(`it is longer than ${LIMITS.MAX_FILTER_LENGTH} characters`);
  }
  try {
    return parse(written);
  } catch (error) {
    if (error instanceof FilterSyntaxError || error instanceof TagSyntaxError) {
      throw invalidFilter(error.message, error);
    }
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalidFilter('a library takes a tag filter in JSON', error);
  }
}

function invalidFilter(reason: string, cause?: unknown): ApiError {
  const message = `The specified filtering condition is invalid: ${reason}.`;
  return new ApiError('InvalidFilterClause', { message, cause });
}

function readScoreThreshold({ text }: RequestParameters): number {
  const written = text.get('ScoreThreshold') ?? '0';
  if (SCORE.test(written)) return Number(written);
  throw badRequest('ScoreThreshold must be from 0.00 to 1.00 with at most two decimals');
}
