/** What OpenAPI says of tags and of the filters over them; `readTags` and `readTagFilter` check them. */
import { TAG_LIMITS, TAG_OPERATORS } from '@likeness/shared/filter';

const SCALAR = { type: ['string', 'number', 'boolean'] } as const;
const TERMS = {
  type: 'array',
  minItems: 1,
  items: { $ref: '#/components/schemas/TagFilter' },
} as const;

/** A tag has a value, or a list of them. */
export const TAGS_DESCRIPTION = {
  id: 'Tags',
  type: 'object',
  description: `Up to ${TAG_LIMITS.MAX_TAGS} tags of any name: a string, a number, a boolean, or a list of these.`,
  maxProperties: TAG_LIMITS.MAX_TAGS,
  propertyNames: { minLength: 1, maxLength: TAG_LIMITS.MAX_NAME_LENGTH },
  additionalProperties: {
    anyOf: [SCALAR, { type: 'array', items: SCALAR, maxItems: TAG_LIMITS.MAX_ELEMENTS }],
  },
  example: { color: 'white', season: 'summer', price: 59.5 },
} as const;

const CONDITION = {
  type: 'object',
  description: `A test of one tag. "in" and "not in" take a list, "like" and "not like" a substring.`,
  properties: {
    field: { type: 'string', minLength: 1, maxLength: TAG_LIMITS.MAX_NAME_LENGTH },
    op: { type: 'string', enum: [...TAG_OPERATORS] },
    value: {
      anyOf: [
        SCALAR,
        { type: 'array', items: SCALAR, minItems: 1, maxItems: TAG_LIMITS.MAX_FILTER_VALUES },
      ],
    },
  },
  required: ['field', 'op', 'value'],
  additionalProperties: false,
} as const;

/** One condition; a list, which passes what passes all of it; `or`; `and`; nested. */
export const TAG_FILTER_DESCRIPTION = {
  id: 'TagFilter',
  type: ['object', 'array'],
  description: `Which images count: one condition, a list (all must pass), {"or": […]} or {"and": […]}, nested up to ${TAG_LIMITS.MAX_FILTER_GROUPS} deep, with up to ${TAG_LIMITS.MAX_FILTER_CONDITIONS} conditions.`,
  anyOf: [
    CONDITION,
    {
      type: 'object',
      properties: { or: TERMS },
      required: ['or'],
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: { and: TERMS },
      required: ['and'],
      additionalProperties: false,
    },
    { type: 'array', items: { $ref: '#/components/schemas/TagFilter' } },
  ],
  example: [
    { field: 'color', op: 'in', value: ['red', 'blue'] },
    { field: 'season', op: '=', value: 'summer' },
  ],
} as const;
