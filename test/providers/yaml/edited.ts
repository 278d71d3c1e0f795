import { ZONE } from '../../../conformance/subject.js'
import { type EditOptions, editZone } from '../../../providers/yaml/edit-zone.js'
import { readZone } from '../../../providers/yaml/zone-model.js'
import { type Change, isKnown, keyOf, type RRset } from '../../../records/rr/rrset.js'

export const octodns: EditOptions = { defaultTtl: 3600, escapedSemicolons: true, enforceOrder: true }

/** The text of a zone file of example.com. after each RRset was put, or removed where it has no rdata. */
export function edited(text: string, wanted: readonly RRset[], options = octodns): string {
  const model = readZone(text, { zone: ZONE, file: 'example.com.yaml' }, options)
  const changes = wanted.map((after): Change => {
    const before = model.rrsets.get(keyOf(after))
    if (!before || !isKnown(before)) return { kind: 'create', after }
    return after.rdata.length === 0 ? { kind: 'delete', before } : { kind: 'update', before, after }
  })
  return editZone(model, changes, { zone: ZONE, file: 'example.com.yaml' }, options)
}

/** The lines that are only in the one text, marked `-`, and only in the other, marked `+`, in order. */
export function lineDiff(before: string, after: string): string[] {
  const old = before.split('\n')
  const now = after.split('\n')
  const common = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0))
  const at = (row: number, column: number): number => common[row]?.[column] ?? 0
  for (let row = old.length - 1; row >= 0; row--)
    for (let column = now.length - 1; column >= 0; column--)
      (common[row] as number[])[column] =
        old[row] === now[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
  const diff: string[] = []
  for (let row = 0, column = 0; row < old.length || column < now.length; ) {
    if (row < old.length && column < now.length && old[row] === now[column]) {
      row++
      column++
    } else if (row < old.length && at(row + 1, column) >= at(row, column + 1)) diff.push(`-${old[row++]}`)
    else diff.push(`+${now[column++]}`)
  }
  return diff
}
