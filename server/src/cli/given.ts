type Given<Options> = { readonly [Name in keyof Options]?: Exclude<Options[Name], undefined> };

/** The options that were given: those that are undefined left out. */
export function given<Options extends object>(options: Options): Given<Options> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Given<Options>;
}
