import { pathToFileURL } from 'node:url'
import type { AnyRRset } from '../../records/rr/rrset.js'
import { BUILT_CLI } from './workspace.js'

/** What an adapter does otherwise than it should, as JavaScript. */
export interface Lies {
  /** What it makes of the sets it reads: `(sets) => sets`. */
  readonly see?: string
  /** What it makes of a set it writes: `(set) => set`. */
  readonly put?: string
  /** Of the plugin: `rejects: …,`, `exceptions: …,`. */
  readonly facts?: string
  /** Runs before each call: `async (call, number) => {}`; `zones` are all there are, by name. */
  readonly before?: string
}

/** An adapter as somebody else may write one, whose zones are in a JSON file: option `file`, by zone a list of sets. */
export function ownAdapter({
  see = '(sets) => sets',
  put = '(set) => set',
  facts = '',
  before = 'async () => {}',
}: Lies = {}): string {
  const mailsync = pathToFileURL(BUILT_CLI.replace(/mailsync\.js$/, 'index.js')).href
  return `
import { readFile, writeFile } from 'node:fs/promises'
import { cancelled, canonical, keyOf, MailsyncError, subjectOf, surpriseIn, zoneWith } from ${JSON.stringify(mailsync)}

const see = ${see}
const put = ${put}
const before = ${before}
let calls = 0

export default {
  type: 'own',
  description: 'zones in a JSON file',
  optionDocs: [{ name: 'file', required: true, description: 'the file' }],
  traits: { types: ['A', 'AAAA', 'CAA', 'CNAME', 'MX', 'NS', 'PTR', 'SRV', 'TLSA', 'TXT'], write: 'atomic', compareAndSwap: false, ttl: { min: 60, max: 86400 } },
  ${facts}
  options: (input) => input,
  connect: async ({ file }) => {
    const open = async (call, name) => {
      const zones = JSON.parse(await readFile(file, 'utf8'))
      await before(call, ++calls, zones)
      if (!zones[name]) throw new MailsyncError('zone-not-found', 'there is no such zone')
      return zones
    }
    return {
      zones: async () => [],
      read: async (name) => see((await open('read', name))[name].map((rrset) => canonical(rrset))),
      write: async (name, changes, signal) => {
        if (signal.aborted) return { applied: [], failure: cancelled() }
        const zones = await open('write', name)
        const surprise = surpriseIn(changes, zoneWith(name, zones[name]))
        if (surprise) return { applied: [], failure: surprise }
        const keys = changes.map((change) => keyOf(subjectOf(change)))
        const stay = zones[name].filter((rrset) => !keys.includes(keyOf(rrset)))
        const come = changes.flatMap((change) => (change.kind === 'delete' ? [] : [put(change.after)]))
        await writeFile(file, JSON.stringify({ ...zones, [name]: [...stay, ...come] }))
        return { applied: changes }
      },
    }
  },
}
`
}

/** What the file of such an adapter holds. */
export type OwnZones = Readonly<Record<string, readonly AnyRRset[]>>
