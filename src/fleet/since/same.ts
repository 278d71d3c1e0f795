/**
 * Whether two parts of a spec say the same, wherever they are written: `from` does not count. They are plain data, with maps and
 * sets of it.
 */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one)) return Array.isArray(other) && isSameList(one, other)
  if (one instanceof Map || one instanceof Set)
    return one.constructor === other.constructor && isSameList([...one], [...(other as Iterable<unknown>)])
  return isSameRecord(one as Record<string, unknown>, other as Record<string, unknown>)
}

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => isSame(item, other[index]))
}

function isSameRecord(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  const keys = Object.keys(one)
  if (keys.length !== Object.keys(other).length) return false
  return keys.every((key) => Object.hasOwn(other, key) && (key === 'from' || isSame(one[key], other[key])))
}
