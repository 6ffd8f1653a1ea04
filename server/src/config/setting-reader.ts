import { isIP } from 'node:net';

import { isFetchHost } from '../fetch/fetch-hosts.ts';

import { SETTINGS, type Setting, type SettingName } from './settings.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Flags given on the command line, by setting. */
export type Flags = Readonly<Partial<Record<SettingName, string>>>;

const KEY = /^[0-9a-f]{64}$/iu;
/** Labels as DNS and container networks have them, the first may be `*`. */
const HOST_NAME = /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/iu;

/** Reads settings one by one, and gathers what is wrong with them. */
export class SettingReader {
  readonly problems: string[] = [];
  readonly #environment: Environment;
  readonly #flags: Flags;

  constructor(environment: Environment, flags: Flags) {
    this.#environment = environment;
    this.#flags = flags;
  }

  /** The setting as given, or its default; undefined if neither. Empty is absent. */
  text(name: SettingName): string | undefined {
    const setting: Setting = SETTINGS[name];
    const given = this.#flags[name] ?? this.#environment[setting.environmentVariable];
    return given?.trim() || setting.fallback;
  }

  integer(name: SettingName): number | undefined {
    const { value }: Setting = SETTINGS[name];
    const text = this.text(name);
    if (text === undefined || value.kind !== 'integer') return undefined;
    const number = /^\d{1,9}$/u.test(text) ? Number(text) : Number.NaN;
    if (number >= value.min && number <= value.max) return number;
    this.#refuse(name, `an integer from ${value.min} to ${value.max}`, text);
    return undefined;
  }

  choice(name: SettingName): string | undefined {
    const { value }: Setting = SETTINGS[name];
    const text = this.text(name);
    if (text === undefined || value.kind !== 'choice' || value.choices.includes(text)) return text;
    this.#refuse(name, `one of ${value.choices.join(', ')}`, text);
    return undefined;
  }

  /** Host names and addresses between commas, trimmed; a name may begin with `*.`. */
  names(name: SettingName): readonly string[] {
    const names = this.#list(name);
    for (const each of names) {
      const isAddress = isIP(each.replace(/^\[(.*)\]$/u, '$1')) !== 0;
      if (!isAddress && !HOST_NAME.test(each)) {
        this.#refuse(name, 'host names or addresses with commas between them', each);
      }
    }
    return names;
  }

  /** Addresses and networks such as `10.0.0.0/8` between commas. */
  networks(name: SettingName): readonly string[] {
    const networks = this.#list(name);
    for (const each of networks) {
      const [address = '', prefix = '0', ...rest] = each.split('/');
      const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
      if (rest.length > 0 || !/^\d{1,3}$/u.test(prefix) || Number(prefix) > bits) {
        this.#refuse(name, 'addresses or networks like 10.0.0.0/8 with commas between them', each);
      }
    }
    return networks;
  }

  /** Origins as browsers send them, between commas; or `*`. */
  origins(name: SettingName): readonly string[] {
    const origins = this.#list(name);
    for (const each of origins) {
      const isOrigin = URL.canParse(each) && new URL(each).origin === each;
      if (each !== '*' && !isOrigin) {
        this.#refuse(name, 'origins like https://shop.example.com with commas between them', each);
      }
    }
    return origins;
  }

  /** Hosts between commas, as `FetchHosts` reads them. */
  fetchHosts(name: SettingName): readonly string[] {
    const hosts = this.#list(name);
    for (const each of hosts) {
      if (!isFetchHost(each)) {
        const expected = 'hosts like images.example.com, *.example.com:8443 or 10.0.0.0/8';
        this.#refuse(name, `${expected} with commas between them`, each);
      }
    }
    return hosts;
  }

  /** The origin of an http or https URL that has no path. */
  url(name: SettingName): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    const isOrigin = url?.pathname === '/' && url.search === '' && url.hash === '' && !url.username;
    if (url && isOrigin && /^https?:$/u.test(url.protocol)) return url.origin;
    this.#refuse(name, 'a URL like https://images.example.com:8443, without a path', text);
    return undefined;
  }

  /** 32 bytes in hexadecimal digits, lower-case. */
  key(name: SettingName): string | undefined {
    const text = this.text(name);
    if (text === undefined || KEY.test(text)) return text?.toLowerCase();
    this.#refuse(name, '64 hexadecimal digits, as "openssl rand -hex 32" prints them', text);
    return undefined;
  }

  /** What stands between commas, trimmed. */
  #list(name: SettingName): readonly string[] {
    const pieces = (this.text(name) ?? '').split(',').map((piece) => piece.trim());
    return pieces.filter((piece) => piece !== '');
  }

  #refuse(name: SettingName, expected: string, text: string): void {
    const setting: Setting = SETTINGS[name];
    const given = setting.isSecret === true ? '' : `, not "${text}"`;
    this.problems.push(
      `${setting.environmentVariable} (--${setting.flag}) must be ${expected}${given}`,
    );
  }
}
