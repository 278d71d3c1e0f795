import { type MemoryZones, plugin } from '../../providers/memory.js'
import type { Provider } from '../../providers/provider.js'
import { MailsyncError } from '../../records/error.js'
import type { DkimPublicKey } from '../../records/families/dkim/dkim-key.js'
import type { Name } from '../../records/rr/name.js'
import { type Change, keyOf, type RRset } from '../../records/rr/rrset.js'
import { loadSpec } from '../../src/config/load-config.js'
import { onlyFile } from '../../src/config/only-file.js'
import type { Connected } from '../../src/connect/connect.js'
import { makePlan } from '../../src/plan/make-plan.js'
import type { HtmlReport } from '../../src/report/report.js'

export interface World {
  /** Text of `mailsync.yaml`. */
  readonly spec: string
  /** What was applied before. */
  readonly before?: string
  readonly keys?: readonly DkimPublicKey[]
  readonly keysBefore?: readonly DkimPublicKey[]
  /** What others have written since. */
  readonly strangers?: readonly RRset[]
  /** Zones whose provider answers with an error. */
  readonly unreadable?: readonly string[]
}

/** A report as `mailsync plan` has it, of zones held in memory. */
export async function reportOf(world: World): Promise<HtmlReport> {
  const zones: MemoryZones = new Map()
  if (world.before !== undefined) {
    const { plan } = await planFor(world.before, world.keysBefore ?? [], zones, [])
    for (const { zone, changes } of plan.zones)
      for (const change of changes) if (change.kind !== 'delete') put(zones, zone, change.after)
  }
  for (const rrset of world.strangers ?? []) {
    const zone = [...zones.keys()].filter((name) => rrset.name.endsWith(name)).sort((a, b) => b.length - a.length)[0]
    put(zones, zone ?? rrset.name, rrset)
  }
  return planFor(world.spec, world.keys ?? [], zones, world.unreadable ?? [])
}

function put(zones: MemoryZones, zone: string, rrset: RRset): void {
  const sets = zones.get(zone as Name) ?? new Map<string, RRset>()
  zones.set(zone as Name, sets.set(keyOf(rrset), rrset))
}

async function planFor(
  text: string,
  keys: readonly DkimPublicKey[],
  zones: MemoryZones,
  unreadable: readonly string[],
): Promise<HtmlReport> {
  const { spec, problems, locate } = await loadSpec('mailsync.yaml', onlyFile('mailsync.yaml', text))
  if (!spec) throw new Error(JSON.stringify(problems, null, 2))
  for (const zone of spec.zones.keys()) if (!zones.has(zone)) zones.set(zone, new Map())
  const memory = await plugin.connect({ zones }, { directory: '/', zones: [] })
  const provider: Provider = {
    ...memory,
    read: async (zone, signal) => {
      if (!unreadable.includes(zone)) return memory.read(zone, signal)
      throw new MailsyncError('rate-limited', `the API asks to wait (429): ${zone}`, {
        hint: 'wait a minute and plan again',
        apiCode: '971',
      })
    },
    batches: (_: Name, changes: readonly Change[]) => (changes.length > 4 ? 2 : 1),
  }
  const providers = new Map(
    [...spec.providers.keys()].map((name): [string, Connected] => [name, { name, plugin: plugin as never, provider }]),
  )
  const { plan, compiled } = await makePlan({
    file: 'mailsync.yaml',
    spec,
    keys,
    providers,
    locate,
    problems,
    selection: { zones: [], domains: [] },
    today: '2026-11-22',
    parallel: 4,
    signal: new AbortController().signal,
  })
  return { plan, spec, compiled, locate }
}

/** The same report with its domains and their zones so many times over, each under a name of its own. */
export function multiplied({ plan, spec, compiled, locate }: HtmlReport, times: number): HtmlReport {
  const copies = <T>(value: T): T[] => {
    const text = JSON.stringify(value)
    return Array.from(
      { length: times },
      (_, index) => JSON.parse(text.replaceAll('.example', `-${index}.example`)) as T,
    )
  }
  return {
    plan: { ...plan, zones: plan.zones.flatMap(copies), problems: plan.problems.flatMap(copies) },
    spec: { ...spec, domains: spec.domains.flatMap(copies) },
    compiled: { ...compiled, zones: new Map([...compiled.zones].flatMap(copies)) },
    locate,
  }
}
