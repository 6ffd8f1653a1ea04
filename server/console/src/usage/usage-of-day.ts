import type { UsageRow } from '@likeness/sdk';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { scopeOfRow } from '../collections/collections.ts';
import { useClient } from '../session/session.tsx';

/** Calls of today, by the scope of their collection. */
export function useUsageToday(): UseQueryResult<ReadonlyMap<string, UsageRow>> {
  const client = useClient();
  return useQuery({
    queryKey: ['usage', 'today'],
    queryFn: async () => {
      const { usage } = await client.getUsage({
        granularity: 'day',
        utcFrom: startOfToday(),
        groupBy: 'InstanceName',
      });
      return new Map(usage.map((row) => [scopeOfRow(row), row]));
    },
  });
}

/** Days of the usage book begin at midnight UTC. */
function startOfToday(): number {
  return new Date().setUTCHours(0, 0, 0, 0);
}
