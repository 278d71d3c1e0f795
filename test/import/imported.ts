import { plugin as memory } from '../../providers/memory.js'
import type { Provider } from '../../providers/provider.js'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import { type AnyRRset, keyOf, subjectOf } from '../../records/rr/rrset.js'
import type { Connected } from '../../src/connect/connect.js'
import { importSpec } from '../../src/import/import-config.js'
import { readMasterFile } from '../../src/import/master-file/master-file.js'
import type { Source } from '../../src/import/source/source.js'
import { makePlan } from '../../src/plan/make-plan.js'
import type { Plan } from '../../src/plan/plan.js'
import { load } from '../config/load.js'

const never = new AbortController().signal

/** Zones by name: their records as lines of a master file, or as RRsets. */
export type Zones = Readonly<Record<string, string | readonly AnyRRset[]>>

export interface ImportSettings {
  /** Like a DNS server, which cannot tell what zones it has. Zones that were tried in vain are put into it. */
  readonly unlisted?: string[]
  readonly also?: readonly string[]
}

export interface Imported {
  readonly text: string
  /** The text without its comments. */
  readonly bare: string
  /** What `mailsync plan` says of the text. */
  readonly plan: Plan
  /** What it would change, without the manifests: `update example.com. TXT (adopts)`. */
  readonly changes: readonly string[]
}

/** Imports domains from zones in memory, and plans with what came out. */
export async function imported(
  zones: Zones,
  domains: readonly string[],
  { unlisted, also }: ImportSettings = {},
): Promise<Imported> {
  const held = new Map(Object.entries(zones).map(([zone, content]) => [zone as Name, rrsetsOf(zone, content)]))
  return importedFrom({ name: 'dns', plugin: memory, provider: await connect(held, unlisted) }, domains, also)
}

/** Imports domains from a provider, and plans with what came out. */
export async function importedFrom(
  connected: Connected,
  domains: readonly string[],
  also: readonly string[] = [],
): Promise<Imported> {
  const { name, plugin } = connected
  const source: Source = {
    provider: { name, class: plugin.type, options: {}, remarks: [] },
    connected,
    origin: 'a test',
    notes: [],
    seeds: [],
  }
  const run = { also: also as readonly Name[], schema: undefined, today: '2026-11-22', signal: never }
  const { text } = await importSpec(domains as readonly Name[], source, run)
  const plan = await planWith(text, connected)
  const bare = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
  return { text, bare, plan, changes: changesOf(plan) }
}

/** The zone's records. A `$TTL` of 3600 goes before the lines. */
function rrsetsOf(zone: string, content: string | readonly AnyRRset[]): readonly AnyRRset[] {
  if (typeof content !== 'string') return content
  const text = `$ORIGIN ${zone}\n$TTL 3600\n@ SOA ns hostmaster 1 2 3 4 5\n${content}`
  return readMasterFile(text, { file: zone }).rrsets
}

export function changesOf(plan: Plan): string[] {
  return plan.zones.flatMap(({ changes }) =>
    changes
      .filter(({ manifest }) => !manifest)
      .map((change) => {
        const adopts = change.edits.some((edit) => edit.adopts)
        return `${change.kind} ${keyOf(subjectOf(change))}${adopts ? ' (adopts)' : ''}`
      }),
  )
}

async function connect(
  held: ReadonlyMap<Name, readonly AnyRRset[]>,
  unlisted: string[] | undefined,
): Promise<Provider> {
  const zones = new Map(
    [...held].map(([zone, rrsets]) => [zone, new Map(rrsets.map((rrset) => [keyOf(rrset), rrset]))]),
  )
  const provider = await memory.connect({ zones }, { directory: '/', zones: [] })
  if (!unlisted) return provider
  return {
    ...provider,
    zones: async () => {
      throw new MailsyncError('rejected', 'a DNS server cannot be asked for its zones')
    },
    read: async (zone, signal) => {
      if (!held.has(zone)) unlisted.push(zone)
      return provider.read(zone, signal)
    },
  }
}

async function planWith(text: string, connected: Connected): Promise<Plan> {
  const { spec, problems, locate } = await load(text)
  if (!spec || problems.length > 0) throw new Error(`${JSON.stringify(problems)}\n${text}`)
  const { plan } = await makePlan({
    file: 'mailsync.yaml',
    spec,
    keys: [],
    providers: new Map([[connected.name, connected]]),
    locate,
    problems: [],
    selection: { zones: [], domains: [] },
    today: '2026-11-22',
    parallel: 1,
    signal: never,
  })
  return plan
}

/** The comments of a text, without their marks, in one line a paragraph. */
export function comments(text: string): string {
  return text.replaceAll(/\n *# (?! )/g, ' ').replaceAll(/^ *# +/gm, '')
}
