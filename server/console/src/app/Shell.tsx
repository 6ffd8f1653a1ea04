import {
  lazy,
  Suspense,
  useEffect,
  type ComponentType,
  type LazyExoticComponent,
  type ReactNode,
} from 'react';

import { useMessages } from '../messages/messages.ts';
import { Waiting } from '../ui/Waiting.tsx';
import { Account } from './Account.tsx';
import { appMessages } from './messages.ts';
import { hrefOf, SCREENS, useRoute, type Screen } from './route.ts';
import './shell.css';

type LazyScreen = LazyExoticComponent<ComponentType>;

/** Each screen's code is loaded when it is first shown. */
const SCREEN_OF: Readonly<Record<Screen, LazyScreen>> = {
  search: lazy(async () => ({
    default: (await import('../search/SearchScreen.tsx')).SearchScreen,
  })),
  images: lazy(async () => ({
    default: (await import('../images/ImagesScreen.tsx')).ImagesScreen,
  })),
  collections: lazy(async () => ({
    default: (await import('../collections/CollectionsScreen.tsx')).CollectionsScreen,
  })),
  usage: lazy(async () => ({ default: (await import('../usage/UsageScreen.tsx')).UsageScreen })),
  keys: lazy(async () => ({ default: (await import('../keys/KeysScreen.tsx')).KeysScreen })),
  server: lazy(async () => ({
    default: (await import('../server/ServerScreen.tsx')).ServerScreen,
  })),
};

/** Navigation around the screen that the address names. */
export function Shell(): ReactNode {
  const texts = useMessages(appMessages);
  const { screen } = useRoute();
  const Shown = SCREEN_OF[screen];
  useEffect(() => {
    document.title = `${texts[screen]} · Likeness`;
    // On a phone the navigation may be wider than the page.
    document.querySelector('.nav-link[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [screen, texts]);
  return (
    <div className="shell">
      <a className="skip" href="#content" onClick={focusContent}>
        {texts.skip}
      </a>
      <header className="bar">
        <a className="brand" href={hrefOf('search')}>
          <img src="/console/likeness.svg" alt="" width="26" height="26" />
          Likeness
        </a>
        <nav className="nav" aria-label={texts.screens}>
          {SCREENS.map((name) => (
            <a
              key={name}
              className="nav-link"
              href={hrefOf(name)}
              aria-current={name === screen ? 'page' : undefined}
            >
              {texts[name]}
            </a>
          ))}
        </nav>
        <div className="bar-end">
          <Account />
        </div>
      </header>
      <main id="content" className="content" tabIndex={-1}>
        <Suspense fallback={<Waiting />}>
          <Shown />
        </Suspense>
      </main>
    </div>
  );
}

/** The fragment is the console's address: a plain link to an anchor would change it. */
function focusContent(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('#content')?.focus();
}
