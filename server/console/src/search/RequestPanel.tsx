import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';

import { useMessages } from '../messages/messages.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Disclosure } from '../ui/Disclosure.tsx';
import { curlScript } from './curl-script.ts';
import { searchMessages } from './messages.ts';
import { sdkCode } from './sdk-code.ts';
import type { SearchCall } from './search-request.ts';
import type { Search } from './use-search.ts';

/** Texts longer than this are cut in what is shown: Base64, above all. */
const MAX_SHOWN_LENGTH = 400;

/** The search as whoever writes programs sees it: what went out, what came back, and the code that does the same. */
export function RequestPanel({ search }: { readonly search: Search }): ReactNode {
  const texts = useMessages(searchMessages);
  const { call } = search;
  if (call === undefined) return null;
  return (
    <Disclosure title={texts.request}>
      <CallTabs search={search} call={call} />
    </Disclosure>
  );
}

interface CallTabsProps {
  readonly search: Search;
  readonly call: SearchCall;
}

const FORMS = ['json', 'sdk', 'curl'] as const;

function CallTabs({ search: { answer, picture }, call }: CallTabsProps): ReactNode {
  const texts = useMessages(searchMessages);
  const fileName = picture?.file.name ?? 'picture.jpg';
  const shown = {
    json: formatJson({ request: call.request, answer: answer.data?.body ?? null }),
    sdk: sdkCode(call, fileName),
    curl: curlScript(call, fileName),
  };
  return (
    <Tabs>
      <TabList className="tabs" aria-label={texts.request}>
        {FORMS.map((name) => (
          <Tab key={name} id={name} className="tab">
            {texts[name]}
          </Tab>
        ))}
      </TabList>
      {FORMS.map((name) => (
        <TabPanel key={name} id={name} className="tab-panel code-panel">
          <CopyButton text={shown[name]} />
          <pre tabIndex={0}>{shown[name]}</pre>
        </TabPanel>
      ))}
    </Tabs>
  );
}

function formatJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, inner: unknown) =>
      typeof inner === 'string' && inner.length > MAX_SHOWN_LENGTH
        ? `${inner.slice(0, MAX_SHOWN_LENGTH)}…`
        : inner,
    2,
  );
}
