/**
 * Cuts a filter's text into tokens, one at a time, never looking at a character twice.
 *
 *     word     = letter or "_", then letters, digits, "_"
 *     number   = "-"? digit+
 *     string   = '"' … '"' | "'" … "'"      where "\" takes the next character as it is
 *     symbol   = "<=" | ">=" | "!=" | "=" | "<" | ">" | "(" | ")" | "[" | "]" | ","
 *
 * White space between tokens counts for nothing.
 */
import { FilterSyntaxError } from './filter-syntax-error.ts';

export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'symbol' | 'end';
  /** The text as written; of a string, what it means. */
  readonly text: string;
  readonly offset: number;
}

const SPACE = /\s*/uy;
const WORD = /[A-Za-z_]\w*/uy;
const NUMBER = /-?\d+/uy;
const SYMBOL = /[<>!]=|[=<>()[\],]/uy;
/** Everything in a string up to its end or the next escape. */
const PLAIN = { '"': /[^"\\]*/uy, "'": /[^'\\]*/uy };

/** Cuts a filter string into tokens, one at a time, each with its offset. */
export class Lexer {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** The next token; `end`, again and again, after the last. */
  next(): Token {
    this.#take(SPACE);
    const offset = this.#position;
    const first = this.#text[offset];
    if (first === undefined) return { kind: 'end', text: '', offset };
    if (first === '"' || first === "'")
      return { kind: 'string', text: this.#string(first), offset };
    const word = this.#take(WORD);
    if (word !== '') return { kind: 'word', text: word, offset };
    const number = this.#take(NUMBER);
    if (number !== '') return { kind: 'number', text: number, offset };
    const symbol = this.#take(SYMBOL);
    if (symbol !== '') return { kind: 'symbol', text: symbol, offset };
    throw new FilterSyntaxError('a field, a value, an operator or a bracket', offset);
  }

  #string(quote: '"' | "'"): string {
    this.#position += 1;
    const parts: string[] = [];
    for (;;) {
      parts.push(this.#take(PLAIN[quote]));
      const character = this.#text[this.#position];
      this.#position += 1;
      if (character === quote) return parts.join('');
      parts.push(this.#escaped(quote));
    }
  }

  /** The character after a backslash that has just been passed. */
  #escaped(quote: string): string {
    const code = this.#text.codePointAt(this.#position);
    if (code === undefined) throw new FilterSyntaxError(`a closing ${quote}`, this.#text.length);
    const character = String.fromCodePoint(code);
    this.#position += character.length;
    return character;
  }

  /** What `pattern` matches here, possibly nothing; moves past it. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    const text = pattern.exec(this.#text)?.[0] ?? '';
    this.#position += text.length;
    return text;
  }
}
