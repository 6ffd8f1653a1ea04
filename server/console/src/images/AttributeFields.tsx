import type { ListedImage } from '@likeness/sdk';
import { LIMITS } from '@likeness/shared/api';
import type { ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { TextField } from '../ui/TextField.tsx';
import { imageMessages } from './messages.ts';

const INTEGERS = ['intAttr', 'intAttr2', 'intAttr3', 'intAttr4'] as const;
const TEXTS = ['strAttr', 'strAttr2', 'strAttr3', 'strAttr4'] as const;

type IntegerName = (typeof INTEGERS)[number];
type TextName = (typeof TEXTS)[number] | 'customContent';

/** What a picture carries, as typed; an empty text is no value. */
export type AttributeTexts = Readonly<Record<IntegerName | TextName, string>>;

export const NO_ATTRIBUTES: AttributeTexts = {
  customContent: '',
  intAttr: '',
  intAttr2: '',
  intAttr3: '',
  intAttr4: '',
  strAttr: '',
  strAttr2: '',
  strAttr3: '',
  strAttr4: '',
};

export interface AttributeFieldsProps {
  readonly values: AttributeTexts;
  readonly onChange: (values: AttributeTexts) => void;
}

export function AttributeFields({ values, onChange }: AttributeFieldsProps): ReactNode {
  const texts = useMessages(imageMessages);
  const change = (name: keyof AttributeTexts) => (value: string) =>
    onChange({ ...values, [name]: value });
  return (
    <>
      <TextField
        label={texts.customContent}
        value={values.customContent}
        onChange={change('customContent')}
        maxLength={LIMITS.MAX_CUSTOM_CONTENT_LENGTH}
      />
      <div className="attribute-fields">
        {INTEGERS.map((name) => (
          <TextField
            key={name}
            label={name}
            value={values[name]}
            onChange={change(name)}
            inputMode="numeric"
            pattern="-?[0-9]+"
          />
        ))}
        {TEXTS.map((name) => (
          <TextField
            key={name}
            label={name}
            value={values[name]}
            onChange={change(name)}
            maxLength={LIMITS.MAX_STR_ATTR_LENGTH}
          />
        ))}
      </div>
    </>
  );
}

/** As requests take them; what is empty is left as it is. */
export function readAttributes(
  values: AttributeTexts,
): Partial<Record<IntegerName, number> & Record<TextName, string>> {
  const set = Object.entries(values).filter(([, value]) => value.trim() !== '');
  return Object.fromEntries(
    set.map(([name, value]) => [
      name,
      INTEGERS.some((one) => one === name) ? Number(value) : value,
    ]),
  );
}

/** What a picture carries, to be edited. */
export function attributeTextsOf(image: ListedImage): AttributeTexts {
  return {
    customContent: image.customContent,
    intAttr: textOf(image.intAttr),
    intAttr2: textOf(image.intAttr2),
    intAttr3: textOf(image.intAttr3),
    intAttr4: textOf(image.intAttr4),
    strAttr: image.strAttr,
    strAttr2: image.strAttr2,
    strAttr3: image.strAttr3,
    strAttr4: image.strAttr4,
  };
}

/** Answers show an unset number as 0. */
function textOf(value: number): string {
  return value === 0 ? '' : String(value);
}
