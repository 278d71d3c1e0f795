/** A comment that stands before a key of a host, a domain or a provider, whether the key is there or not. */
export interface Remark<Key extends string = string> {
  readonly key: Key
  readonly text: string
  /** Values or lines that are not to be wrapped. */
  readonly lines: readonly string[]
}

/** A remark, with lines where there are any. */
export function remark<Key extends string>(key: Key, text: string, lines: readonly string[] = []): Remark<Key> {
  return { key, text, lines }
}
