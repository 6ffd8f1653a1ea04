import type { ReactNode } from 'react';

import { LANGUAGE_TAGS, LANGUAGES, useLanguage, useMessages } from '../messages/messages.ts';
import { Select } from '../ui/Select.tsx';
import { appMessages } from './messages.ts';
import { THEMES, useTheme } from './theme.ts';

/** Language and theme; their labels are read aloud alone, or shown as well. */
export function Preferences({ hasLabels = false }: { readonly hasLabels?: boolean }): ReactNode {
  const texts = useMessages(appMessages);
  const { language, choose } = useLanguage();
  const [theme, chooseTheme] = useTheme();
  return (
    <div className="preferences">
      <Select
        label={texts.language}
        isLabelHidden={!hasLabels}
        value={language}
        onChange={choose}
        options={LANGUAGE_TAGS.map((value) => ({ value, text: LANGUAGES[value] }))}
      />
      <Select
        label={texts.theme}
        isLabelHidden={!hasLabels}
        value={theme}
        onChange={chooseTheme}
        options={THEMES.map((value) => ({ value, text: texts[value] }))}
      />
    </div>
  );
}
