import type { Edit, Stated } from './subjects.js'

/** What the plan does to a part of the drawing. */
export type Mark = 'same' | 'new' | 'changed' | 'gone'

/** The mark of what these records and edits are about: it is new where every record of it is created. */
export function markOf(records: readonly Stated[], edits: readonly Edit[]): Mark {
  if (edits.length === 0) return 'same'
  if (records.length === 0 && edits.every(({ after }) => after.length === 0)) return 'gone'
  const slots = (list: readonly (Stated | Edit)[]): number =>
    new Set(list.map(({ purpose, key }) => `${purpose} ${key}`)).size
  const isCreated = edits.every(({ before }) => before.length === 0) && slots(edits) === slots(records)
  return isCreated ? 'new' : 'changed'
}

/** The mark of a part of a value, such as one exchange of an MX. */
export function partMark(edits: readonly Edit[], holds: (value: string) => boolean): Mark {
  const moved = edits.filter(({ before, after }) => before.some(holds) !== after.some(holds))
  if (moved.length === 0) return 'same'
  return moved.some(({ after }) => after.some(holds)) ? 'new' : 'gone'
}
