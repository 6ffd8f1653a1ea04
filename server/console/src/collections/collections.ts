import type { ImageSearchClient, InstanceInfo, LibraryInfo } from '@likeness/sdk';
import { serviceTypeOf } from '@likeness/shared/api';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { useClient } from '../session/session.tsx';

/** Libraries asked for at a time. */
const PAGE = 100;

/** What a collection of either API tells of itself. */
interface Searched {
  /** `instance:shoes`, `library:tops`: how addresses and key scopes name it. */
  readonly scope: string;
  readonly name: string;
  readonly images: number;
  readonly capacity: number;
  readonly storedBytes: number;
  readonly status: string;
  readonly searchesByText: boolean;
  readonly predictsCategory: boolean;
}

/** Its pictures carry attributes. */
export interface InstanceCollection extends Searched {
  readonly kind: 'instance';
  readonly instance: InstanceInfo;
}

/** Its pictures carry tags. */
export interface LibraryCollection extends Searched {
  readonly kind: 'library';
  readonly library: LibraryInfo;
}

/** What the key may see and search, whichever API it belongs to. */
export type Collection = InstanceCollection | LibraryCollection;

export const COLLECTIONS_KEY = ['collections'] as const;

/** All collections that the key may see: instances, then libraries, each by name. */
export function useCollections(): UseQueryResult<readonly Collection[]> {
  const client = useClient();
  return useQuery({ queryKey: COLLECTIONS_KEY, queryFn: () => listCollections(client) });
}

/** How requests name a collection where they take either kind. */
export function referenceTo({
  kind,
  name,
}: Collection): { readonly instanceName: string } | { readonly libraryName: string } {
  return kind === 'instance' ? { instanceName: name } : { libraryName: name };
}

/** The scope of the collection that a row of usage is about; empty where it is about none. */
export function scopeOfRow(row: {
  readonly instanceName?: string;
  readonly libraryName?: string;
}): string {
  if (row.libraryName !== undefined) return `library:${row.libraryName}`;
  return row.instanceName === undefined || row.instanceName === ''
    ? ''
    : `instance:${row.instanceName}`;
}

async function listCollections(client: ImageSearchClient): Promise<readonly Collection[]> {
  const [{ instances }, libraries] = await Promise.all([
    client.listInstances(),
    listLibraries(client),
  ]);
  return [...instances.map(ofInstance), ...libraries.map(ofLibrary)];
}

async function listLibraries(client: ImageSearchClient): Promise<readonly LibraryInfo[]> {
  const libraries: LibraryInfo[] = [];
  for await (const library of client.libraries.listAll({ pageSize: PAGE })) libraries.push(library);
  return libraries;
}

function ofInstance(instance: InstanceInfo): Collection {
  const type = serviceTypeOf(instance.serviceType);
  const { instanceName: name, imageCount: images, capacity, storedBytes, status } = instance;
  return {
    kind: 'instance',
    scope: `instance:${name}`,
    name,
    images,
    capacity,
    storedBytes,
    status,
    searchesByText: type?.searchesByText ?? false,
    predictsCategory: type?.predictsCategory ?? false,
    instance,
  };
}

function ofLibrary(library: LibraryInfo): Collection {
  const { libraryName: name, imageCount: images, capacity, storedBytes, status } = library;
  return {
    kind: 'library',
    scope: `library:${name}`,
    name,
    images,
    capacity,
    storedBytes,
    status,
    searchesByText: library.textLanguages.length > 0,
    predictsCategory: false,
    library,
  };
}
