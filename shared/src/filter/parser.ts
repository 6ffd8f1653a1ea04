/**
 * Reads the filter language of the RPC API.
 *
 *     filter      = conjunction ("OR" conjunction)*
 *     conjunction = term ("AND" term)*
 *     term        = "(" filter ")" | field test
 *     test        = operator value | "NOT"? "IN" list
 *     list        = "(" value ("," value)* ")" | "[" value ("," value)* "]"
 *     operator    = "=" | "!=" | "<" | "<=" | ">" | ">="       on int fields
 *                 | "=" | "!="                                 on str fields
 *     field       = int_attr | int_attr2 | … | str_attr4, also written intAttr, IntAttr …
 *     value       = a whole number from -2147483648 to 2147483647     for int fields
 *                 | "…" | '…'                                         for str fields
 *
 * Keywords and fields are read in any case. Parentheses nest {@link MAX_FILTER_DEPTH} deep.
 */
import { FilterSyntaxError } from './filter-syntax-error.ts';
import type { ComparisonOperator, Filter, Scalar } from './filter.ts';
import { Lexer, type Token } from './lexer.ts';

/** Parentheses in parentheses: far more than people write, far less than a stack holds. */
export const MAX_FILTER_DEPTH = 50;

const MIN_INT = -(2 ** 31);
const MAX_INT = 2 ** 31 - 1;

const FIELD = /^(int|str)_?attr([2-4]?)$/iu;
const INT_OPERATORS: readonly string[] = ['=', '!=', '<', '<=', '>', '>='];
const STR_OPERATORS: readonly string[] = ['=', '!='];

type FieldKind = 'int' | 'str';

/**
 * The filter that `text` means. Fields come out as `int_attr` … `str_attr4`.
 *
 * @throws {FilterSyntaxError} saying what was expected, and where.
 */
export function parseFilter(text: string): Filter {
  return new Parser(text).parse();
}

class Parser {
  readonly #lexer: Lexer;
  #token: Token;

  constructor(text: string) {
    this.#lexer = new Lexer(text);
    this.#token = this.#lexer.next();
  }

  parse(): Filter {
    const filter = this.#filter(0);
    if (this.#token.kind !== 'end') throw this.#expected('AND, OR or the end');
    return filter;
  }

  /** filter = conjunction ("OR" conjunction)* ; conjunction = term ("AND" term)* */
  #filter(depth: number): Filter {
    return this.#joined('or', () => this.#joined('and', () => this.#term(depth)));
  }

  /** One term, or several with `keyword` between them. */
  #joined(keyword: 'and' | 'or', parseTerm: () => Filter): Filter {
    const first = parseTerm();
    const terms = [first];
    while (this.#acceptWord(keyword)) terms.push(parseTerm());
    return terms.length === 1 ? first : { kind: keyword, terms };
  }

  /** term = "(" filter ")" | field test */
  #term(depth: number): Filter {
    if (!this.#acceptSymbol('(')) return this.#condition();
    if (depth === MAX_FILTER_DEPTH) {
      throw this.#expected(`parentheses at most ${MAX_FILTER_DEPTH} deep`);
    }
    const inner = this.#filter(depth + 1);
    if (!this.#acceptSymbol(')')) throw this.#expected('AND, OR or ")"');
    return inner;
  }

  /** field test ; test = operator value | "NOT"? "IN" list */
  #condition(): Filter {
    const match = this.#token.kind === 'word' ? FIELD.exec(this.#token.text) : null;
    if (!match) throw this.#expected('a field, int_attr to int_attr4 or str_attr to str_attr4,');
    this.#advance();
    const kind = match[1]!.toLowerCase() as FieldKind;
    const field = `${kind}_attr${match[2]}`;

    const negated = this.#acceptWord('not');
    if (this.#acceptWord('in')) return { kind: 'in', field, negated, values: this.#list(kind) };
    if (negated) throw this.#expected('IN');
    return { kind: 'compare', field, operator: this.#operator(kind), value: this.#value(kind) };
  }

  #operator(kind: FieldKind): ComparisonOperator {
    const allowed = kind === 'int' ? INT_OPERATORS : STR_OPERATORS;
    const { kind: tokenKind, text } = this.#token;
    if (tokenKind !== 'symbol' || !allowed.includes(text)) {
      throw this.#expected(`${allowed.join(', ')}, IN or NOT IN`);
    }
    this.#advance();
    return text as ComparisonOperator;
  }

  /** list = "(" value ("," value)* ")" | "[" value ("," value)* "]" */
  #list(kind: FieldKind): readonly Scalar[] {
    const closing = this.#acceptSymbol('(') ? ')' : this.#acceptSymbol('[') ? ']' : undefined;
    if (closing === undefined) throw this.#expected('"(" or "["');
    const values = [this.#value(kind)];
    while (this.#acceptSymbol(',')) values.push(this.#value(kind));
    if (!this.#acceptSymbol(closing)) throw this.#expected(`"," or "${closing}"`);
    return values;
  }

  #value(kind: FieldKind): Scalar {
    const token = this.#token;
    if (kind === 'str') {
      if (token.kind !== 'string') throw this.#expected('a quoted text');
      this.#advance();
      return token.text;
    }
    // Adding 0 makes -0 an ordinary zero.
    const number = Number(token.text) + 0;
    if (token.kind !== 'number' || number < MIN_INT || number > MAX_INT) {
      throw this.#expected(`a whole number from ${MIN_INT} to ${MAX_INT}`);
    }
    this.#advance();
    return number;
  }

  #acceptWord(keyword: string): boolean {
    const accepted = this.#token.kind === 'word' && this.#token.text.toLowerCase() === keyword;
    if (accepted) this.#advance();
    return accepted;
  }

  #acceptSymbol(symbol: string): boolean {
    const accepted = this.#token.kind === 'symbol' && this.#token.text === symbol;
    if (accepted) this.#advance();
    return accepted;
  }

  #advance(): void {
    this.#token = this.#lexer.next();
  }

  #expected(what: string): FilterSyntaxError {
    return new FilterSyntaxError(what, this.#token.offset);
  }
}
