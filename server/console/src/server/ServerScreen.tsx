import { ApiError, type ServerInfo } from '@likeness/sdk';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { Disclosure } from '../ui/Disclosure.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Failure } from '../ui/Failure.tsx';
import { ScreenHead } from '../ui/ScreenHead.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { FactList, Facts } from './Facts.tsx';
import { serverMessages } from './messages.ts';
import { Verification } from './Verification.tsx';
import './server.css';

/** Looked at again so often, while the screen is open. */
const REFRESH_MS = 5000;

/** What runs, and how it is. */
export function ServerScreen(): ReactNode {
  const texts = useMessages(serverMessages);
  const client = useClient();
  const info = useQuery({
    queryKey: ['server'],
    queryFn: async () => (await client.getServerInfo()).server,
    refetchInterval: REFRESH_MS,
  });
  const isDenied = ApiError.is(info.error) && info.error.code === 'NoPermission';
  return (
    <>
      <ScreenHead title={texts.title} />
      {isDenied && <Empty title={texts.adminOnly} />}
      {info.error !== null && !isDenied && <Failure error={info.error} />}
      {info.isPending && <Waiting />}
      {info.data !== undefined && (
        <>
          <Health server={info.data} />
          <Parts server={info.data} />
        </>
      )}
    </>
  );
}

function Health({ server: { disk, damage } }: { readonly server: ServerInfo }): ReactNode {
  const texts = useMessages(serverMessages);
  const isWell = disk.isWritable && damage.length === 0;
  return (
    <section className="panel stack" aria-label={texts.health}>
      <h2>{texts.health}</h2>
      {isWell && <p className="health-good">{texts.healthy}</p>}
      {!disk.isWritable && <p className="health-bad">{texts.notWritable}</p>}
      {damage.length > 0 && (
        <>
          <p className="health-bad">{texts.damaged}</p>
          <ul>
            {damage.map(({ kind, detail }) => (
              <li key={`${kind} ${detail}`}>{detail}</li>
            ))}
          </ul>
        </>
      )}
      <Verification />
    </section>
  );
}

function Parts({ server }: { readonly server: ServerInfo }): ReactNode {
  const texts = useMessages(serverMessages);
  const formats = useFormats();
  const { workers, disk, limits } = server;
  return (
    <>
      <div className="server-parts">
        <Facts
          title={texts.program}
          facts={[
            [texts.version, server.version],
            [texts.started, formats.date(Number(server.utcStart))],
            [texts.node, server.node],
            [texts.platform, server.platform],
            [texts.free, disk.freeBytes < 0 ? texts.unknown : formats.bytes(disk.freeBytes)],
          ]}
        />
        {server.packs.map((pack) => (
          <Facts
            key={pack.fingerprint}
            title={texts.model}
            facts={[
              [texts.version, `${pack.name} ${pack.version}`],
              [texts.dims, formats.count(pack.dims)],
              [texts.languages, pack.languages.map(formats.language).join(', ') || texts.noTexts],
              [texts.fingerprint, <code key="fingerprint">{pack.fingerprint}</code>],
            ]}
          />
        ))}
        <Facts
          title={texts.workers}
          facts={(['ready', 'busy', 'waiting', 'restarts', 'refused'] as const).map((name) => [
            texts[name],
            formats.count(workers[name]),
          ])}
        />
      </div>
      <Disclosure title={texts.limits}>
        <div className="fact-columns">
          <FactList
            facts={Object.entries(limits).map(([name, value]) => [name, formats.count(value)])}
          />
        </div>
      </Disclosure>
    </>
  );
}
