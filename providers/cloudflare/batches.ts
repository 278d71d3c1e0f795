/**
 * Packs changes, in the order given, into batches of at most `limit` operations. The operations of one change stay
 * together; a change that alone has more gets a batch of its own, which the API then refuses.
 */
export function batchesOf<T extends { readonly size: number }>(items: readonly T[], limit: number): T[][] {
  const batches: T[][] = []
  let room = 0
  for (const item of items) {
    if (batches.length === 0 || item.size > room) {
      batches.push([])
      room = limit
    }
    batches.at(-1)?.push(item)
    room -= item.size
  }
  return batches
}
