import type { Change } from '../../records/rrset.js'

const RANK = { create: 0, update: 1, delete: 2 } as const

/**
 * Packs changes into batches of at most `limit` operations; the operations of one change stay together. One batch keeps
 * the order given. Several make before they break: what is created goes first and what is deleted last.
 */
export function batchesOf<T extends { readonly change: Change; readonly size: number }>(
  items: readonly T[],
  limit: number,
): T[][] {
  const total = items.reduce((sum, { size }) => sum + size, 0)
  if (total <= limit) return items.length === 0 ? [] : [[...items]]
  const batches: T[][] = []
  let room = 0
  for (const item of items.toSorted((a, b) => RANK[a.change.kind] - RANK[b.change.kind])) {
    if (item.size > room) {
      batches.push([])
      room = limit
    }
    batches.at(-1)?.push(item)
    room -= item.size
  }
  return batches
}
