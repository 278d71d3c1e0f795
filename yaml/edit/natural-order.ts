/** A key split for comparing: text and digits in turn, text first. */
type NaturalKey = readonly string[]

function naturalKey(text: string): NaturalKey {
  return text.normalize('NFD').split(/(\d+)/)
}

/**
 * octoDNS's order of names in a file, and of keys in a record: digits count as numbers, so `a2` stands before `a10`; all
 * else goes by code point of the decomposed text (natsort's default, which octoDNS's `enforce_order` checks).
 */
export function compareNatural(a: string, b: string): number {
  return compareKeys(naturalKey(a), naturalKey(b))
}

/** Keys in their natural order, and where in it another one belongs: behind those that are equal. Undefined where they are in none. */
export function naturalOrder(keys: readonly string[]): ((key: string) => number) | undefined {
  const known = keys.map(naturalKey)
  const ordered = known.every((key, index) => index === 0 || compareKeys(known[index - 1] as NaturalKey, key) <= 0)
  if (!ordered) return undefined
  return (text) => {
    const key = naturalKey(text)
    let low = 0
    for (let high = known.length; low < high; ) {
      const middle = (low + high) >>> 1
      if (compareKeys(known[middle] as NaturalKey, key) <= 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

function compareKeys(left: NaturalKey, right: NaturalKey): number {
  for (let index = 0; index < Math.min(left.length, right.length); index++) {
    const x = left[index] as string
    const y = right[index] as string
    if (x === y) continue
    const order = index % 2 === 1 ? compareDigits(x, y) : x < y ? -1 : 1
    if (order !== 0) return order
  }
  return left.length - right.length
}

function compareDigits(a: string, b: string): number {
  const x = a.replace(/^0+(?=\d)/, '')
  const y = b.replace(/^0+(?=\d)/, '')
  return x.length - y.length || (x < y ? -1 : x > y ? 1 : 0)
}
