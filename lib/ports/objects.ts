// Objects: whole files under a name, with compare-and-set by ETag. What every adapter promises.

export type StoredObject = { bytes: Uint8Array; etag: string }

/**
 * Throws KramError `unavailable` when the store cannot be reached, or `signal` said to give up. Keys are
 * `/`-separated, 1 to 512 characters of A-Z a-z 0-9 . _ - =, no part of them empty or `.`, and never contain `..`;
 * others are refused as `invalid` (`object_key`).
 */
export type Objects = {
  /** Strongly consistent. undefined: no such object; 'not_modified': its ETag is still `ifNoneMatch`. */
  get(
    key: string,
    options?: { ifNoneMatch?: string; signal?: AbortSignal },
  ): Promise<StoredObject | 'not_modified' | undefined>
  /**
   * Writes the whole object. `ifMatch`: only over that ETag; `ifAbsent`: only when there is none.
   * Answers the new ETag, or 'refused' when the precondition does not hold.
   */
  put(
    key: string,
    bytes: Uint8Array,
    options?: { ifMatch?: string; ifAbsent?: true; contentType?: string },
  ): Promise<{ etag: string } | 'refused'>
  /** Keys that begin with `prefix`, in order of their UTF-8 bytes, all pages. */
  list(prefix: string): AsyncIterable<string>
  /** A missing object is no error. */
  delete(key: string): Promise<void>
}
