import pLimit from 'p-limit'
import { type Compiled, compile, type Targets } from '../../records/compile.js'
import type { DkimNeed } from '../../records/families/dkim/dkim.js'
import { type DkimPublicKey, withSelectors } from '../../records/families/dkim/dkim-key.js'
import { groupBy } from '../../records/group.js'
import { joinName, type Name, parentOf, zoneOf } from '../../records/rr/name.js'
import { isReverse, type ReverseAliases } from '../../records/rr/reverse.js'
import type { AnyRRset } from '../../records/rr/rrset.js'
import { unanswered } from '../../records/rules.js'
import type { MailSpec } from '../../records/spec.js'
import type { Connected } from '../connect/connect.js'
import { inTextOrder, type Locate, type Problem, toProblem } from '../problem.js'
import { aliasesSeen, lookAtReverse, newAliases, reverseNamesOf, type SeenReverse } from '../reverse/look-at-reverse.js'
import type { ReverseDns } from '../reverse/reverse-dns.js'
import { looseSteps } from '../steps/loose-steps.js'
import { discoverZones } from './discover-zones.js'
import { mxProblems, undeclaredMxTargets } from './mx-targets.js'
import type { Plan } from './plan.js'
import { planZone, type ZoneFinding, type ZoneTask } from './plan-zone.js'
import { checkZonesServed, recordFilter, type Selection } from './select.js'

export interface PlanInput {
  /** The spec file, as it was named. */
  readonly file: string
  readonly spec: MailSpec
  readonly keys: readonly DkimPublicKey[]
  /** What the spec and the keys mean for the declared zones, where it is known already. */
  readonly compiled?: Compiled
  readonly providers: ReadonlyMap<string, Connected>
  readonly locate: Locate
  /** What was found before the plan. */
  readonly problems: readonly Problem[]
  readonly selection: Selection
  /** `YYYY-MM-DD`, for the selectors of keys that are not made yet. */
  readonly today: string
  /** How many zones are read at the same time. */
  readonly parallel: number
  readonly signal: AbortSignal
  /** Asks DNS about reverse names that are in no zone of the spec; without it, what is done of them is not known. */
  readonly openReverseDns?: () => Promise<ReverseDns>
  /** Called as zones are finished. */
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Reads every zone, a few at a time, and says what would change. Writes nothing. What was read of a zone is let go as soon
 * as it is compared, so memory does not grow with the zones that are done. Where a target of `'*'` cannot say what it
 * serves, nothing is planned: a name could belong to a zone of its own there, and would be written into the one around it.
 */
export async function makePlan(input: PlanInput): Promise<{ plan: Plan; compiled: Compiled }> {
  const { spec, selection } = input
  const { zones, failures } = await discoverZones(spec, input.providers, input.signal)
  const compiled =
    (spec.otherZones === undefined ? input.compiled : undefined) ??
    compile(spec, input.keys, zones, failures.length > 0)
  if (failures.length > 0) return { plan: { ...emptyPlan(input), failures }, compiled }
  checkZonesServed(selection, zones)
  const dns = compiled.manual.some(({ reverse }) => reverse !== undefined) ? await input.openReverseDns?.() : undefined
  try {
    return await planWith(input, compiled, zones, dns)
  } finally {
    dns?.close()
  }
}

async function planWith(
  input: PlanInput,
  declared: Compiled,
  zones: Targets,
  dns: ReverseDns | undefined,
): Promise<{ plan: Plan; compiled: Compiled }> {
  const { spec, locate } = input
  const seen: SeenReverse = dns ? await lookAtReverse(declared, dns) : new Map()
  const { compiled, tasks, found, neededKeys } = await followAliases(aliasesSeen(seen), declared, zones, input)
  const failed = new Set(found.map(({ failure }) => failure?.zone))
  const keys = [...new Set(tasks.map(({ zone }) => zone))]
    .filter((zone) => !failed.has(zone))
    .flatMap((zone) => neededKeys.get(zone) ?? [])
  const read = new Set(
    found.flatMap(({ zone, failure }) => (failure?.code === undefined || failure.code === 'rejected' ? [zone] : [])),
  )
  const whole = new Set(
    tasks.flatMap(({ zone, connected }) => (connected.plugin.traits.read === 'places' ? [] : [zone])),
  )
  const wasRead = (name: Name): boolean => {
    const zone = zoneOf(name, zones)
    return zone !== undefined && read.has(zone) && whole.has(zone)
  }
  const problems = [
    ...input.problems,
    ...unanswered(compiled.findings, wasRead)
      .filter(({ rule }) => rule !== 'mx-target-without-address')
      .map((finding) => toProblem(finding, locate)),
    ...found.flatMap((finding) => finding.problems),
    ...mxProblems(spec.domains, found, locate),
  ]
  const plan: Plan = {
    ...emptyPlan(input),
    zones: found.flatMap((finding) => finding.plan ?? []),
    unchanged: found.filter((finding) => !finding.plan && !finding.failure).length,
    failures: found.flatMap(({ failure }) => failure ?? []),
    keys: keys.map(({ domain, algorithm, selector, from }) => ({
      domain,
      algorithm,
      selector,
      where: locate(from),
    })),
    manual: [
      ...(await looseSteps(compiled.manual, { seen, dns, locate })),
      ...found.flatMap(({ steps = [] }) => steps),
    ],
    problems: inTextOrder(problems),
  }
  return { plan, compiled }
}

function emptyPlan({ file, spec, problems }: PlanInput): Plan {
  return {
    format: 'mailsync-plan',
    version: 2,
    spec: file,
    owner: spec.owner,
    zones: [],
    unchanged: 0,
    failures: [],
    keys: [],
    manual: [],
    problems: inTextOrder(problems),
  }
}

interface Followed {
  readonly compiled: Compiled
  readonly tasks: readonly ZoneTask[]
  readonly found: readonly ZoneFinding[]
  readonly neededKeys: NeededKeys
}

type NeededKeys = ReadonlyMap<Name | undefined, readonly DkimNeed[]>

/**
 * Plans every zone, with each PTR where the CNAMEs lead that DNS shows. Where a zone that is read has another one, which leads
 * into a declared zone, what that moves is planned once more.
 */
async function followAliases(
  seen: ReverseAliases,
  declared: Compiled,
  zones: Targets,
  input: PlanInput,
): Promise<Followed> {
  const compiled = compiledWith(seen, declared, input)
  const { domains } = input.selection
  const chosen = compiled.neededKeys.filter(({ domain }) => domains.length === 0 || domains.includes(domain))
  const neededKeys = groupBy(withSelectors(chosen, input.keys, input.today), ({ domain }) =>
    zoneOf(joinName('_domainkey', domain), zones),
  )
  const reads = keptReads(zones)
  const tasks = zoneTasks(input, compiled, zones, neededKeys, reads)
  const found = await planZones(tasks, input)
  const more = newAliases(new Map(found.flatMap(({ aliases }) => [...aliases])), compiled)
  if (more.size === 0) return { compiled, tasks, found, neededKeys }
  const moved = compiledWith(new Map([...seen, ...more]), declared, input)
  const again = zoneTasks(input, moved, zones, neededKeys, reads)
  const known = new Map(tasks.map((task, index) => [taskText(task), found[index]]))
  const open = again.filter((task) => !known.has(taskText(task)))
  const fresh = new Map((await planZones(open, input)).map((one, index) => [open[index], one]))
  const all = again.map((task) => (fresh.get(task) ?? known.get(taskText(task))) as ZoneFinding)
  return { compiled: moved, tasks: again, found: all, neededKeys }
}

/** What the spec means where CNAMEs lead its reverse names elsewhere. */
function compiledWith(aliases: ReverseAliases, declared: Compiled, { spec, keys }: PlanInput): Compiled {
  if (aliases.size === 0) return declared
  return compile(spec, keys, declared.input.zones, declared.input.mayServeMore, aliases)
}

/** Tells apart what is asked of a zone, and what has to lead to it or from it. */
function taskText({ zone, connected, desired }: ZoneTask): string {
  return JSON.stringify([zone, connected.name, desired.map(({ rrset, purpose }) => [rrset, purpose])])
}

/** Keeps what is read of reverse zones in one another: a CNAME in the outer one may move a PTR to the inner one, or back. */
function keptReads(zones: Targets): (zone: Name, { provider, name }: Connected) => ZoneTask['read'] {
  const reverse = [...zones.keys()].filter(isReverse)
  const nested = new Set(
    reverse.flatMap((zone) => {
      const around = zoneOf(parentOf(zone), zones)
      return around === undefined ? [] : [zone, around]
    }),
  )
  const kept = new Map<string, Promise<readonly AnyRRset[]>>()
  return (zone, { provider, name }) => {
    if (!nested.has(zone)) return undefined
    const key = `${zone} ${name}`
    return (signal) => {
      const reading = kept.get(key) ?? provider.read(zone, signal)
      kept.set(key, reading)
      return reading
    }
  }
}

/** Every declared zone, with or without records (what we own there may have to go), and every other zone with records. */
function zoneTasks(
  { spec, providers, selection }: PlanInput,
  compiled: Compiled,
  zones: Targets,
  neededKeys: NeededKeys,
  reads: ReturnType<typeof keptReads>,
): ZoneTask[] {
  const isChosen = recordFilter(spec, selection)
  const chosen = new Set(selection.zones)
  const reverseNames = groupBy(reverseNamesOf(compiled.input), (name) => zoneOf(name, zones))
  const mxTargets = groupBy(undeclaredMxTargets(spec), (name) => zoneOf(name, zones))
  const names = [...zones.keys()].filter((zone) => spec.zones.has(zone) || compiled.zones.has(zone))
  return names
    .filter((zone) => chosen.size === 0 || chosen.has(zone))
    .sort()
    .flatMap((zone) =>
      (zones.get(zone) as readonly string[]).flatMap((target): ZoneTask[] => {
        const connected = providers.get(target) as Connected
        const read = reads(zone, connected)
        const desired = (compiled.zones.get(zone) ?? []).filter(isChosen)
        if (selection.domains.length > 0 && desired.length === 0 && !neededKeys.has(zone)) return []
        return [
          {
            zone,
            connected,
            desired,
            mxTargets: mxTargets.get(zone) ?? [],
            neededKeys: neededKeys.get(zone) ?? [],
            owner: spec.owner,
            manifestTtl: spec.ttl,
            reverseNames: reverseNames.get(zone) ?? [],
            ...(read && { read }),
            partial: selection.domains.length > 0,
            rules: compiled.input,
          },
        ]
      }),
    )
}

async function planZones(
  tasks: readonly ZoneTask[],
  { locate, signal, parallel, onProgress }: PlanInput,
): Promise<ZoneFinding[]> {
  const limit = pLimit(parallel)
  let done = 0
  return Promise.all(
    tasks.map((task) =>
      limit(async () => {
        const finding = await planZone(task, locate, signal)
        done += 1
        onProgress?.(done, tasks.length)
        return finding
      }),
    ),
  )
}
