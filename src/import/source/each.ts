import pLimit from 'p-limit'

/** Works on items, a few at a time; the results are in their order. */
export function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const limit = pLimit(8)
  return Promise.all(items.map((item) => limit(work, item)))
}
