import { ApiError } from '@likeness/shared/errors';

import type { CollectionInfo } from '../../catalog/catalog.ts';
import type { ActionServices } from '../action.ts';
import { takeRate, type Work } from '../collection-rates.ts';

/** What is said of a library that is not there, or that the caller may not see. */
export function noSuchLibrary(name: string): ApiError {
  return new ApiError('InvalidInstance', {
    message: `Image library '${name}' does not exist.`,
  });
}

/** @throws {ApiError} `InvalidInstance` if there is none of that name */
export function findLibrary(
  name: string,
  { catalog }: Pick<ActionServices, 'catalog'>,
): CollectionInfo {
  try {
    return catalog.collection('library', name);
  } catch (error) {
    if (ApiError.is(error) && error.code === 'InvalidInstance') throw noSuchLibrary(name);
    throw error;
  }
}

/**
 * The library to work on, which counts towards the rate of that kind of work.
 *
 * @throws {ApiError} as {@link findLibrary}; `DeniedRequest` above the rate
 */
export function findLibraryForWork(
  name: string,
  services: ActionServices,
  work: Work,
): CollectionInfo {
  const library = findLibrary(name, services);
  takeRate(library, services, work);
  return library;
}
