import { useSyncExternalStore } from 'react';

/** The console's screens, in the order of its navigation. */
export const SCREENS = ['search', 'images', 'collections', 'usage', 'keys', 'server'] as const;

export type Screen = (typeof SCREENS)[number];

/** What the address says: a screen, and what it shows. */
export interface Route {
  readonly screen: Screen;
  readonly parameters: URLSearchParams;
}

export type RouteParameters = Readonly<Record<string, string | undefined>>;

/** The address, kept in its fragment: the server sees one page, and no query is ever sent with a request. */
export function useRoute(): Route {
  const fragment = useSyncExternalStore(subscribe, () => location.hash);
  return readRoute(fragment);
}

export function readRoute(fragment: string): Route {
  const [path = '', query = ''] = fragment.replace(/^#\/?/u, '').split('?', 2);
  const screen = SCREENS.find((name) => name === path) ?? 'search';
  return { screen, parameters: new URLSearchParams(query) };
}

/** An address to link to. Parameters that are undefined or empty are left out. */
export function hrefOf(screen: Screen, parameters: RouteParameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? `#/${screen}` : `#/${screen}?${text}`;
}

/** Goes there, as a link does: the browser's back button returns. */
export function navigate(screen: Screen, parameters: RouteParameters = {}): void {
  location.hash = hrefOf(screen, parameters);
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
