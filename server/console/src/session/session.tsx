import { ImageSearchClient } from '@likeness/sdk';
import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';

/** An access key, as long as the tab lives. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
}

export interface Session {
  readonly accessKeyId: string;
  /** Signs every request in the page with the key. */
  readonly client: ImageSearchClient;
  readonly signOut: () => void;
}

export interface SessionState {
  readonly session: Session | undefined;
  readonly signIn: (key: AccessKey) => void;
}

/** Of the tab alone: another tab, or a restart of the browser, asks again. */
const STORED = 'likeness-access-key';

const SessionContext = createContext<SessionState | undefined>(undefined);

export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [key, setKey] = useState(readKey);
  const state = useMemo<SessionState>(() => {
    const store = (next: AccessKey | undefined): void => {
      if (next === undefined) sessionStorage.removeItem(STORED);
      else sessionStorage.setItem(STORED, JSON.stringify(next));
      setKey(next);
    };
    const session = key && {
      accessKeyId: key.accessKeyId,
      client: openClient(key),
      signOut: () => store(undefined),
    };
    return { session, signIn: store };
  }, [key]);
  return <SessionContext value={state}>{children}</SessionContext>;
}

export function useSessionState(): SessionState {
  const state = useContext(SessionContext);
  if (state === undefined) throw new Error('no SessionProvider around this component');
  return state;
}

/** Inside of the signed-in console only. */
export function useSession(): Session {
  const { session } = useSessionState();
  if (session === undefined) throw new Error('nobody is signed in');
  return session;
}

export function useClient(): ImageSearchClient {
  return useSession().client;
}

/** A client of the server that this page came from. */
export function openClient(key: AccessKey): ImageSearchClient {
  return new ImageSearchClient({ endpoint: location.origin, ...key });
}

function readKey(): AccessKey | undefined {
  const stored: unknown = JSON.parse(sessionStorage.getItem(STORED) ?? 'null');
  const { accessKeyId, accessKeySecret } = (stored ?? {}) as Partial<AccessKey>;
  if (accessKeyId === undefined || accessKeySecret === undefined) return undefined;
  return { accessKeyId, accessKeySecret };
}
