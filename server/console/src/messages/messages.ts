import { useContext, createContext } from 'react';

/** The console's languages, by BCP 47 tag. */
export const LANGUAGES = { en: 'English', 'zh-CN': '简体中文' } as const;

export type Language = keyof typeof LANGUAGES;

export const LANGUAGE_TAGS = Object.keys(LANGUAGES) as readonly Language[];

/** What one part of the console says, in every language: texts, and functions that make them. */
export type MessagesOf<Texts> = Readonly<Record<Language, Texts>>;

export interface LanguageChoice {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

export const LanguageContext = createContext<LanguageChoice>({
  language: 'en',
  choose: () => undefined,
});

export function useLanguage(): LanguageChoice {
  return useContext(LanguageContext);
}

/**
 * Texts of one part in the language that is shown.
 *
 * @example
 * const texts = useMessages(searchMessages);
 */
export function useMessages<Texts>(messages: MessagesOf<Texts>): Texts {
  return messages[useLanguage().language];
}

/**
 * Declares a part's texts; English says which there are.
 *
 * @example
 * export const searchMessages = defineMessages({
 *   en: { title: 'Search', found: (count: number) => `${count} found` },
 *   'zh-CN': { title: '搜索', found: (count) => `找到 ${count} 个` },
 * });
 */
export function defineMessages<Texts extends Readonly<Record<string, Text>>>(
  messages: MessagesOf<Texts>,
): MessagesOf<Texts> {
  return messages;
}

// A function of any arguments: only a bottom type takes them all.
type Text = string | ((...values: never[]) => string);

/** What the browser asks for, if we speak it. */
export function preferredLanguage(asked: readonly string[]): Language {
  for (const tag of asked) {
    if (tag.toLowerCase().startsWith('zh')) return 'zh-CN';
    if (tag.toLowerCase().startsWith('en')) return 'en';
  }
  return 'en';
}
