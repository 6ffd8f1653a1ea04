/**
 * Reads what the types of requests and answers say of themselves: the compiler knows every field, and
 * the comment above it is its only description.
 */
import { fileURLToPath } from 'node:url';

import { toWireName } from '@likeness/shared/api';
import { API, NodeBuilderFlags, SymbolFlags } from 'typescript/unstable/sync';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const PLAIN_TYPES = new Map([
  ['string', 'text'],
  ['number', 'number'],
  ['boolean', 'boolean'],
]);

/**
 * @typedef {object} DescribedField
 * @property {string} path as on the wire: `Auctions[].Score`
 * @property {string} type
 * @property {boolean} isOptional
 * @property {string} text empty if there is none
 */

/** Fields of requests and of answers, by action. Close it: a compiler runs behind it. */
export class DescribedTypes {
  #api = new API({ cwd: PACKAGE });
  #project;
  #checker;

  constructor() {
    const config = `${PACKAGE}tsconfig.json`;
    const snapshot = this.#api.updateSnapshot({ openProjects: [config] });
    this.#project = snapshot.getProject(config);
    this.#checker = this.#project.checker;
  }

  /**
   * @param {'requests' | 'response-of'} file
   * @param {'RequestOf' | 'ResponseOf'} name an interface with a member an action
   * @returns {ReadonlyMap<string, readonly DescribedField[]>}
   */
  fieldsByAction(file, name) {
    const source = this.#project.program.getSourceFile(`${PACKAGE}src/api/${file}.ts`);
    const declaration = source.statements.find((statement) => statement.name?.text === name);
    const type = this.#checker.getTypeAtLocation(declaration.name);
    const actions = this.#checker.getPropertiesOfType(type);
    return new Map(
      actions.map((action) => [
        action.name,
        this.#fieldsOf(this.#checker.getTypeOfSymbol(action), ''),
      ]),
    );
  }

  close() {
    this.#api.close();
  }

  /** Those of an object, and of the objects in it. Of a union those that any of its types has. */
  #fieldsOf(type, prefix) {
    const parts = type.isUnionType() ? type.getTypes() : [type];
    const fields = parts.flatMap((part) => this.#checker.getPropertiesOfType(part));
    const named = new Map(fields.map((field) => [field.name, field]));
    for (const field of fields) if (!this.#isNever(field)) named.set(field.name, field);
    return [...named.values()].flatMap((field) => this.#describe(field, prefix));
  }

  /** Of `libraryName?: never`, which says that there is no such field beside another. */
  #isNever(symbol) {
    return this.#printed(symbol) === 'never';
  }

  #describe(symbol, prefix) {
    const path = `${prefix}${toWireName(symbol.name)}`;
    const text = this.#checker.getDocumentationCommentOfSymbol(symbol).replaceAll(/\s+/gu, ' ');
    const type = this.#typeOf(symbol);
    const isList = this.#checker.isArrayType(type);
    const inner = isList ? this.#checker.getTypeArguments(type)[0] : type;
    const isOptional = this.#isOptional(symbol);
    if (!this.#hasFields(inner)) {
      const printed = this.#printed(symbol);
      return [{ path, type: simplify(printed), isOptional, text: text.trim() }];
    }
    const own = { path, type: isList ? 'list' : 'object', isOptional, text: text.trim() };
    return [own, ...this.#fieldsOf(inner, `${path}${isList ? '[]' : ''}.`)];
  }

  #typeOf(symbol) {
    const type = this.#checker.getTypeOfSymbol(symbol);
    return this.#checker.getNonNullableType(type) ?? type;
  }

  #printed(symbol) {
    return this.#checker.typeToString(
      this.#typeOf(symbol),
      undefined,
      NodeBuilderFlags.NoTruncation,
    );
  }

  #isOptional(symbol) {
    return (symbol.flags & SymbolFlags.Optional) !== 0;
  }

  /** Whether it is an object with fields of its own; a record of any names has none. */
  #hasFields(type) {
    const isObject = type.isObjectType() || type.isIntersectionType();
    return isObject && this.#checker.getPropertiesOfType(type).length > 0;
  }
}

function simplify(type) {
  const plain = PLAIN_TYPES.get(type);
  if (plain !== undefined) return plain;
  const list = /^readonly (\w+)\[\]$/u.exec(type)?.[1];
  if (list !== undefined) return `list of ${PLAIN_TYPES.get(list) ?? list}`;
  const literals = type.split(' | ');
  if (literals.every((each) => each.startsWith('"')))
    return literals
      .map((each) => `\`${each.slice(1, -1)}\``)
      .sort()
      .join(', ');
  return 'object';
}
