import type { CollectionInfo } from '../catalog/catalog.ts';
import type { ActionCall, ActionServices, RequestParameters } from './action.ts';
import { findInstance } from './instance.ts';
import { findLibrary } from './libraries/library.ts';
import { badRequest } from './parameters.ts';

/**
 * The instance that `InstanceName` names, or the library that `LibraryName` names in its place.
 *
 * @throws {ApiError} `BadRequest` if both do, else as {@link findInstance}
 */
export function findCollection(call: ActionCall, services: ActionServices): CollectionInfo {
  const library = call.parameters.text.get('LibraryName');
  if (library === undefined) return findInstance(call, services);
  if (call.parameters.text.has('InstanceName')) {
    throw badRequest('InstanceName and LibraryName cannot both be given');
  }
  return findLibrary(library, services);
}

/** Whether a request names a collection. */
export function namesCollection({ text }: RequestParameters): boolean {
  return text.has('InstanceName') || text.has('LibraryName');
}
