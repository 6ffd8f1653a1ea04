import { useMutation, useQueryClient } from '@tanstack/react-query';

export interface RunningAction<Input> {
  /** Does it; resolves to whether it was done. */
  readonly run: (input: Input) => Promise<boolean>;
  readonly isRunning: boolean;
  /** Why the last one was not done. */
  readonly error: Error | null;
  readonly reset: () => void;
}

/**
 * Something that changes what the server holds: everything that was read before is read again after it.
 *
 * @example
 * const remove = useAction((name: string) => client.deleteInstance({ instanceName: name }));
 * if (await remove.run('shoes')) close();
 */
export function useAction<Input>(act: (input: Input) => Promise<unknown>): RunningAction<Input> {
  const queries = useQueryClient();
  const { mutateAsync, isPending, error, reset } = useMutation({
    mutationFn: act,
    onSettled: () => queries.invalidateQueries(),
  });
  const run = (input: Input): Promise<boolean> =>
    mutateAsync(input).then(
      () => true,
      () => false,
    );
  return { run, isRunning: isPending, error, reset };
}
