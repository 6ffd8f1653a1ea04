import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Failure } from '../ui/Failure.tsx';
import { useAction } from '../ui/use-action.ts';
import { serverMessages } from './messages.ts';

const REFRESH_MS = 2000;

/** Reads everything that is stored, and tells what is damaged. */
export function Verification(): ReactNode {
  const texts = useMessages(serverMessages);
  const formats = useFormats();
  const client = useClient();
  const { data } = useQuery({
    queryKey: ['verification'],
    queryFn: async () => (await client.verifyStorage()).verification,
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? REFRESH_MS : false),
  });
  const start = useAction(() => client.verifyStorage({ start: true }));
  const isRunning = data?.status === 'running';
  return (
    <>
      {data?.utcEnd !== undefined && (
        <p>
          {texts.verified(formats.date(Number(data.utcEnd)))}:{' '}
          {data.damage.length === 0 ? texts.whole : texts.found(formats.count(data.damage.length))}
        </p>
      )}
      {start.error !== null && <Failure error={start.error} />}
      <div className="row">
        <Button isPending={isRunning || start.isRunning} onPress={() => void start.run(undefined)}>
          {isRunning ? texts.verifying : texts.verify}
        </Button>
      </div>
    </>
  );
}
