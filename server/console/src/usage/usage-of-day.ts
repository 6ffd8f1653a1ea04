import type { UsageRow } from '@likeness/sdk';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { useClient } from '../session/session.tsx';

/** Calls of today, by the name of their instance. */
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
      return new Map(usage.map((row) => [row.instanceName ?? '', row]));
    },
  });
}

/** Days of the usage book begin at midnight UTC. */
function startOfToday(): number {
  return new Date().setUTCHours(0, 0, 0, 0);
}
