/** A picture that was searched with in this tab. */
export interface ShelvedPicture {
  readonly id: string;
  readonly file: File;
  /** To draw it by; revoked when it leaves the shelf. */
  readonly url: string;
}

/** Pictures kept to go back to; those before are forgotten. */
const MAX_PICTURES = 24;

const SHELF = new Map<string, ShelvedPicture>();

/** Keeps a picture for this tab, so that the address can name it. */
export function shelvePicture(file: File): ShelvedPicture {
  const id = crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? '';
  const picture = { id, file, url: URL.createObjectURL(file) };
  SHELF.set(id, picture);
  for (const old of SHELF.values()) {
    if (SHELF.size <= MAX_PICTURES) break;
    URL.revokeObjectURL(old.url);
    SHELF.delete(old.id);
  }
  return picture;
}

export function findPicture(id: string): ShelvedPicture | undefined {
  return SHELF.get(id);
}
