/** A fenced block of a Markdown text. */
export interface CodeBlock {
  /** What follows the fence: `ts before`. */
  readonly info: string;
  readonly code: string;
}

const FENCED = /^```(\S.*)\n([\s\S]*?)^```$/gm;
const IMPORT = /^import [\s\S]*?;\n/gm;

export function readCodeBlocks(markdown: string): CodeBlock[] {
  return Array.from(markdown.matchAll(FENCED), ([, info = '', code = '']) => ({ info, code }));
}

/**
 * One program of several snippets, in their order: the imports of all at its top, the first at top level, because it
 * sets up what the others use, and each of the others in a block of its own.
 */
export function joinSnippets([setUp = '', ...others]: readonly string[]): string {
  const imports = [setUp, ...others].flatMap((snippet) => snippet.match(IMPORT) ?? []);
  const [top, ...blocks] = [setUp, ...others].map((snippet) => snippet.replaceAll(IMPORT, ''));
  return [...new Set(imports), top, ...blocks.map((block) => `{\n${block}}`)].join('\n');
}

/** The code of every `@example` in a TypeScript source. */
export function readDocExamples(source: string): string[] {
  const comments = source.match(/\/\*\*[\s\S]*?\*\//g) ?? [];
  return comments
    .flatMap((comment) => comment.split('@example').slice(1))
    .map((text) =>
      text
        .replace(/\*\/$/, '')
        .split('\n')
        .map((line) => line.replace(/^\s*\* ?/, ''))
        .join('\n')
        .trim(),
    );
}
