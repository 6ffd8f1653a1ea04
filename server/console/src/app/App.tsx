import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';

import {
  LANGUAGE_TAGS,
  LanguageContext,
  preferredLanguage,
  type Language,
} from '../messages/messages.ts';
import { SessionProvider, useSessionState } from '../session/session.tsx';
import { SignIn } from '../session/SignIn.tsx';
import { Preferences } from './Preferences.tsx';
import { Shell } from './Shell.tsx';

const STORED_LANGUAGE = 'likeness-language';

export function App(): ReactNode {
  const [language, setLanguage] = useState(readLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choice = useMemo(
    () => ({
      language,
      choose: (next: Language) => {
        localStorage.setItem(STORED_LANGUAGE, next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return (
    <LanguageContext value={choice}>
      <I18nProvider locale={language}>
        <SessionProvider>
          <Door />
        </SessionProvider>
      </I18nProvider>
    </LanguageContext>
  );
}

/** The console for whoever is signed in; nothing that one key saw is left for the next. */
function Door(): ReactNode {
  const { session } = useSessionState();
  if (session === undefined) {
    return (
      <>
        <SignIn />
        <footer className="preferences-below">
          <Preferences />
        </footer>
      </>
    );
  }
  return <SignedIn key={session.accessKeyId} />;
}

function SignedIn(): ReactNode {
  const [queries] = useState(openQueries);
  return (
    <QueryClientProvider client={queries}>
      <Shell />
    </QueryClientProvider>
  );
}

function openQueries(): QueryClient {
  // The SDK repeats what may be repeated; the page must not do it again.
  return new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: 5000, refetchOnWindowFocus: false } },
  });
}

function readLanguage(): Language {
  const stored = localStorage.getItem(STORED_LANGUAGE);
  return LANGUAGE_TAGS.find((tag) => tag === stored) ?? preferredLanguage(navigator.languages);
}
