import { dump, load, YAMLException } from 'js-yaml'
import * as z from 'zod'
import { quoted } from '../../../records/cut.js'
import { MailsyncError } from '../../../records/error.js'
import { familyNamed } from '../../../records/families/index.js'
import type { Purpose } from '../../../records/families/mail-record.js'
import { slotKey } from '../../../records/families/mail-record.js'
import { slotRead } from '../../../records/families/slot.js'
import { groupBy } from '../../../records/group.js'
import type { OwnedSlot } from '../../../records/manifest.js'
import { compareNames, isWithin, type Name, parseName } from '../../../records/rr/name.js'
import { isRRType } from '../../../records/rr/rdata.js'

/** What each owner has in a zone, by the name of the owner. */
export type Owners = ReadonlyMap<string, readonly OwnedSlot[]>

const schema = z.strictObject({
  version: z.literal(1, 'only 1 is known here'),
  owners: z.array(
    z.strictObject({
      owner: z.string().regex(/^[^;]+$/),
      written: z.array(z.string()).default([]),
      claimed: z.array(z.string()).default([]),
    }),
  ),
})

/**
 * Reads a file in which the memory of a zone is kept. Throws `spec` for one that mailsync did not write so: what is owned is
 * not known then, and nothing may be planned.
 *
 * @param file its path, for the error
 */
export function parseOwned(text: string, zone: Name, file: string): Owners {
  const refuse = (message: string, line: number, cause?: unknown): MailsyncError =>
    new MailsyncError('spec', `it is not said what mailsync owns in ${zone}: ${message}`, {
      where: { file, line, column: 1, zone },
      hint: 'bring back the file as it was committed; it is written by `mailsync apply` alone',
      cause,
    })
  const lineOf = (part: string): number => text.split('\n').findIndex((line) => line.includes(part)) + 1 || 1
  const { owners } = read(text, refuse)
  const twice = owners.find(({ owner }, index) => owners.findIndex((one) => one.owner === owner) < index)
  if (twice) throw refuse(`the owner ${quoted(twice.owner)} is there twice`, 1)
  const slotsOf = (lines: readonly string[], claimed: boolean): OwnedSlot[] =>
    lines.map((line) => {
      const slot = parseSlot(line, zone)
      if (slot === undefined) throw refuse(`${quoted(line)} is no record of the zone`, lineOf(line))
      return { ...slot, claimed }
    })
  return new Map(
    owners.map(({ owner, written, claimed }) => [owner, [...slotsOf(written, false), ...slotsOf(claimed, true)]]),
  )
}

function read(text: string, refuse: (message: string, line: number, cause?: unknown) => MailsyncError) {
  try {
    const parsed = schema.safeParse(load(text))
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw refuse(`${issue?.path.join('.') || 'the document'}: ${issue?.message}`, 1, parsed.error)
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    throw refuse(error.reason, (error.mark?.line ?? 0) + 1, error)
  }
}

/** `mail.example.com. A host`, or `example.com. CAA caa 5d41402abc4b` */
function parseSlot(line: string, zone: Name): Omit<OwnedSlot, 'claimed'> | undefined {
  const [text = '', type = '', purpose = '', digest, ...more] = line.split(' ')
  const name = parseName(text)
  if (name !== text || !isWithin(name, zone) || more.length > 0) return undefined
  if (!isRRType(type) || !familyNamed(purpose)?.types.includes(type)) return undefined
  return slotRead({ name, type, purpose: purpose as Purpose }, digest)
}

/** The text of such a file: a line a record, in an order that makes small differences. */
export function ownedText(owners: Owners, zone: Name, provider: string): string {
  const data = [...owners]
    .filter(([, slots]) => slots.length > 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([owner, slots]) => ({ owner, ...linesOf(slots) }))
  const head = [
    `What mailsync owns in ${zone} at ${JSON.stringify(provider)}, as no record there can say it. Commit this file with the spec.`,
    'written: mailsync wrote them or asked somebody to, so it may ask to delete them. claimed: they were there before.',
  ]
  return `${head.map((line) => `# ${line}\n`).join('')}${dump({ version: 1, owners: data }, { lineWidth: -1 })}`
}

function linesOf(slots: readonly OwnedSlot[]): { written?: string[]; claimed?: string[] } {
  const sorted = [...slots].sort((a, b) => compareNames(a.name, b.name) || (slotKey(a) < slotKey(b) ? -1 : 1))
  const parts = groupBy(sorted, ({ claimed }) => claimed)
  const [written, claimed] = [parts.get(false), parts.get(true)]
  return { ...(written && { written: written.map(slotKey) }), ...(claimed && { claimed: claimed.map(slotKey) }) }
}
