/**
 * Where a thread's or process's script lies, beside the file that starts it. Threads run the built code
 * even where their starter runs as TypeScript, as it does under Jest.
 *
 * @param script relative to the starter, ending in `.js`
 * @param starterUrl the starter's `import.meta.url`
 */
export function builtScript(script: string, starterUrl: string): URL {
  const isSource = starterUrl.endsWith('.ts');
  // The last `/src/`: the folders above the package may have the name too.
  return new URL(
    script,
    isSource ? starterUrl.replace(/\/src\/(?!.*\/src\/)/u, '/dist/') : starterUrl,
  );
}
