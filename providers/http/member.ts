/** What a reply has under some keys, one in the other; undefined where any of them is missing. Believe nothing of its form. */
export function member(body: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string | number, unknown>)[key]
        : undefined,
    body,
  )
}

/** A text that is not empty. */
export function textAt(body: unknown, ...keys: readonly (string | number)[]): string | undefined {
  const value = member(body, ...keys)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The items of a list; none where there is no list. */
export function itemsAt(body: unknown, ...keys: readonly (string | number)[]): readonly unknown[] {
  const value = member(body, ...keys)
  return Array.isArray(value) ? value : []
}
