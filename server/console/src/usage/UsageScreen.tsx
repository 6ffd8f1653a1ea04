import { useQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';

import { navigate, useRoute } from '../app/route.ts';
import { CollectionSelect } from '../collections/CollectionSelect.tsx';
import { referenceTo, useCollections, type Collection } from '../collections/collections.ts';
import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Failure } from '../ui/Failure.tsx';
import { ScreenHead } from '../ui/ScreenHead.tsx';
import { Select } from '../ui/Select.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { usageMessages } from './messages.ts';
import { UsageReport, type UsageData } from './UsageReport.tsx';

const GRANULARITIES = ['hour', 'day'] as const;
type Granularity = (typeof GRANULARITIES)[number];

/** What GetUsage answers with, unless it is asked for another time. */
const SPANS_S: Readonly<Record<Granularity, number>> = { hour: 86_400, day: 30 * 86_400 };

/** Looked at again so often, while the screen is open. */
const REFRESH_MS = 15_000;

/** The counts that a rented service does not give: by action and outcome, with latencies and storage. */
export function UsageScreen(): ReactNode {
  const texts = useMessages(usageMessages);
  const { parameters } = useRoute();
  const granularity: Granularity = parameters.get('by') === 'day' ? 'day' : 'hour';
  const scope = parameters.get('collection') ?? '';
  const { data: collections } = useCollections();
  const collection = collections?.find((one) => one.scope === scope);
  const go = (changes: Readonly<Record<string, string>>): void => {
    navigate('usage', { by: granularity, collection: scope, ...changes });
  };
  return (
    <>
      <ScreenHead title={texts.title}>
        <div className="row">
          <CollectionSelect
            collections={collections ?? []}
            every={texts.every}
            value={collection?.scope ?? ''}
            onChange={(next) => go({ collection: next })}
          />
          <Select
            label={texts.period}
            isLabelHidden
            value={granularity}
            onChange={(by) => go({ by })}
            options={GRANULARITIES.map((value) => ({ value, text: texts[value] }))}
          />
        </div>
      </ScreenHead>
      {scope !== '' && collections === undefined ? (
        <Waiting />
      ) : (
        <UsageOf granularity={granularity} collection={collection} />
      )}
    </>
  );
}

interface UsageOfProps {
  readonly granularity: Granularity;
  /** All of them without. */
  readonly collection: Collection | undefined;
}

function UsageOf({ granularity, collection }: UsageOfProps): ReactNode {
  const texts = useMessages(usageMessages);
  const formats = useFormats();
  const { data, error } = useUsage(granularity, collection);
  const report = useMemo(() => data && { ...data, granularity }, [data, granularity]);
  if (report === undefined) return error === null ? <Waiting /> : <Failure error={error} />;
  if (report.outcomes.length === 0 && report.storage.length === 0) {
    return (
      <Empty title={texts.none}>
        <p>{texts.noneHint}</p>
      </Empty>
    );
  }
  return <UsageReport data={report} formats={formats} spanS={SPANS_S[granularity]} />;
}

function useUsage(
  granularity: Granularity,
  collection: Collection | undefined,
): { readonly data: UsageData | undefined; readonly error: Error | null } {
  const client = useClient();
  return useQuery({
    queryKey: ['usage', granularity, collection?.scope],
    queryFn: async () => {
      const asked = { granularity, ...(collection && referenceTo(collection)) };
      const [byOutcome, byAction] = await Promise.all([
        client.getUsage({ ...asked, groupBy: 'Action,Code' }),
        client.getUsage({ ...asked, groupBy: 'Action' }),
      ]);
      return { outcomes: byOutcome.usage, actions: byAction.usage, storage: byAction.storage };
    },
    refetchInterval: REFRESH_MS,
  });
}
