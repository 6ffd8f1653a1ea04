import { expect, test } from '@jest/globals';

import { formatXml } from './xml.ts';

test('texts are only ever text', () => {
  const texts = { Message: '</Message><Code>&"\'\0\u{1F}\n', Empty: '' };
  expect(formatXml({ name: 'Error', texts })).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Message>&lt;/Message&gt;&lt;Code&gt;&amp;&quot;&apos;\uFFFD\uFFFD\n</Message><Empty></Empty></Error>\n',
  );
});
