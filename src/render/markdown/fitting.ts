/** The items from the first on that fit into `room` together. */
export function fitting<T>(items: readonly T[], room: number, sizeOf: (item: T) => number): readonly T[] {
  let left = room
  const end = items.findIndex((item) => {
    left -= sizeOf(item)
    return left < 0
  })
  return end < 0 ? items : items.slice(0, end)
}
