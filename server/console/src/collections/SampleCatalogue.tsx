import { useState, type ReactNode } from 'react';
import { Label, ProgressBar } from 'react-aria-components';

import { navigate } from '../app/route.ts';
import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Failure } from '../ui/Failure.tsx';
import '../ui/progress.css';
import { useAction } from '../ui/use-action.ts';
import { collectionMessages } from './messages.ts';
import { loadSampleCatalogue, SAMPLE_INSTANCE } from './sample-catalogue.ts';

/** One button from nothing to a first search. */
export function SampleCatalogue(): ReactNode {
  const texts = useMessages(collectionMessages);
  const { count } = useFormats();
  const client = useClient();
  const [progress, setProgress] = useState({ done: 0, of: 0 });
  const load = useAction(() =>
    loadSampleCatalogue(client, (done, of) => setProgress({ done, of })),
  );
  const run = async (): Promise<void> => {
    if (await load.run(undefined)) {
      navigate('search', { collection: `instance:${SAMPLE_INSTANCE}` });
    }
  };
  if (load.isRunning) {
    const { done, of } = progress;
    return (
      <ProgressBar className="progress" value={done} maxValue={Math.max(1, of)}>
        <Label>{texts.loading(count(done), count(of))}</Label>
        <progress value={done} max={Math.max(1, of)} aria-hidden="true" />
      </ProgressBar>
    );
  }
  return (
    <>
      {load.error !== null && <Failure error={load.error} />}
      <Button look="primary" onPress={() => void run()}>
        {texts.sample}
      </Button>
    </>
  );
}
