import type { ImageSearchClient, InstanceInfo } from '@likeness/sdk';
import { serviceTypeOf } from '@likeness/shared/api';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { useClient } from '../session/session.tsx';

/** What the key may see and search, whichever API it belongs to. */
export interface Collection {
  /** `instance:shoes`: how addresses and key scopes name it. */
  readonly scope: string;
  readonly name: string;
  readonly images: number;
  readonly searchesByText: boolean;
  readonly predictsCategory: boolean;
  readonly instance: InstanceInfo;
}

export const COLLECTIONS_KEY = ['collections'] as const;

/** All collections that the key may see, by name. */
export function useCollections(): UseQueryResult<readonly Collection[]> {
  const client = useClient();
  return useQuery({ queryKey: COLLECTIONS_KEY, queryFn: () => listCollections(client) });
}

async function listCollections(client: ImageSearchClient): Promise<readonly Collection[]> {
  const { instances } = await client.listInstances();
  return instances.map(collectionOf);
}

function collectionOf(instance: InstanceInfo): Collection {
  const type = serviceTypeOf(instance.serviceType);
  return {
    scope: `instance:${instance.instanceName}`,
    name: instance.instanceName,
    images: instance.imageCount,
    searchesByText: type?.searchesByText ?? false,
    predictsCategory: type?.predictsCategory ?? false,
    instance,
  };
}
