import type { Credentials } from '@likeness/shared/signing';

/** An access key as the server knows it. */
export interface Credential extends Credentials {
  /** May do everything, administration included. */
  readonly isRoot: boolean;
  /** A key that is not is refused with `InvalidAccessKeyId.Inactive`. */
  readonly isActive: boolean;
}

/** Where access keys are found. */
export interface CredentialStore {
  /** The key, active or not; undefined for one that never was, or is gone. */
  find(accessKeyId: string): Promise<Credential | undefined>;
}

/** The operator's own key, and no other. */
export class RootCredentialStore implements CredentialStore {
  readonly #root: Credential;

  constructor(root: Credentials) {
    this.#root = { ...root, isRoot: true, isActive: true };
  }

  async find(accessKeyId: string): Promise<Credential | undefined> {
    return accessKeyId === this.#root.accessKeyId ? this.#root : undefined;
  }
}
