import { type Compiled, compile, type Targets } from '../../records/compile.js'
import { type DkimNeed, usedSelectors } from '../../records/families/dkim/dkim.js'
import { type DkimPublicKey, nameOfKey, withSelectors } from '../../records/families/dkim/dkim-key.js'
import { keyZonesOf } from '../../records/families/dkim/key-zone.js'
import type { MailRecord, Slot } from '../../records/families/mail-record.js'
import { frozenSlots } from '../../records/frozen.js'
import { groupBy } from '../../records/group.js'
import { isWithin, joinName, type Name, zoneOf } from '../../records/rr/name.js'
import { ARPA, isReverse, type ReverseAliases } from '../../records/rr/reverse.js'
import type { Zone } from '../../records/rr/zone.js'
import { unanswered } from '../../records/rules.js'
import type { MailSpec } from '../../records/spec.js'
import { expiredCertificates } from '../config/certificates/expired-certificates.js'
import { type Connected, holderOf } from '../connect/connect.js'
import { shardText } from '../fleet/shards/shard.js'
import type { Difference } from '../fleet/since/difference.js'
import type { Since } from '../fleet/since/open-since.js'
import { aliasesSeen, lookAtReverse, reverseNamesOf, type SeenReverse } from '../hosts/reverse/look-at-reverse.js'
import type { ReverseDns } from '../hosts/reverse/reverse-dns.js'
import { inTextOrder, type Locate, type Problem, toProblem } from '../problem.js'
import { looseSteps } from '../steps/loose-steps.js'
import type { Watch } from '../watch/watch.js'
import { followAliases } from './follow-aliases.js'
import type { Plan } from './plan.js'
import { policyFilesFirst } from './policy-files-first.js'
import { keysThatGo } from './problems/keys-that-go.js'
import { mxProblems, undeclaredMxTargets } from './problems/mx-targets.js'
import { checkZonesServed, recordFilter, type Selection } from './select.js'
import { type ChosenZones, chooseZones } from './zones/choose-zones.js'
import { discoverZones } from './zones/discover-zones.js'
import type { ZoneTask } from './zones/plan-zone.js'
import { planZones } from './zones/plan-zones.js'
import type { ZoneObserver } from './zones/zone-observer.js'

export interface PlanInput {
  /** The spec file, as it was named. */
  readonly file: string
  readonly spec: MailSpec
  readonly keys: readonly DkimPublicKey[]
  /** What the spec and the keys mean for the declared zones, where it is known already. */
  readonly compiled?: Compiled
  /** What they mean for other zones; default: what `compile` says. */
  readonly compile?: (
    keys: readonly DkimPublicKey[],
    zones: Targets,
    mayServeMore?: boolean,
    aliases?: ReverseAliases,
  ) => Compiled
  readonly providers: ReadonlyMap<string, Connected>
  readonly locate: Locate
  /** What was found before the plan. */
  readonly problems: readonly Problem[]
  readonly selection: Selection
  /** Only what differs from a revision is looked at. */
  readonly since?: Since | undefined
  /** `YYYY-MM-DD`, for the selectors of keys that are not made yet. */
  readonly today: string
  /** How many zones are read at the same time. */
  readonly parallel: number
  readonly signal: AbortSignal
  /** Asks DNS about reverse names that are in no zone of the spec; without it, what is done of them is not known. */
  readonly openReverseDns?: () => Promise<ReverseDns>
  /** Looks at zones first, and leaves to their providers those that are not as wanted. */
  readonly observer?: ZoneObserver
  /** Called as zones are finished. */
  readonly onProgress?: (done: number, total: number) => void
  /** Told of what is found, zone by zone. */
  readonly watch?: Watch | undefined
}

export interface Made {
  readonly plan: Plan
  /** What the spec means, with what was seen of reverse names. */
  readonly compiled: Compiled
  /** What it means before anything was seen. */
  readonly declared: Compiled
  /** Of the zones that change, those with wildcards, as they were read: what they answer depends on which names exist. */
  readonly wildcards: readonly { readonly zone: Zone; readonly provider: string }[]
}

/**
 * Reads every zone, a few at a time, and says what would change. Writes nothing. What was read of a zone is let go as soon
 * as it is compared, unless it has wildcards, so memory does not grow with the zones that are done. Where a target of `'*'` cannot say what it
 * serves, nothing is planned: a name could belong to a zone of its own there, and would be written into the one around it.
 */
export async function makePlan(input: PlanInput): Promise<Made> {
  const { spec, selection } = input
  const { zones, failures } = await discoverZones(spec, input.providers, input.signal)
  const declared =
    (spec.otherZones === undefined ? input.compiled : undefined) ??
    meaningOf(input)(input.keys, zones, failures.length > 0)
  if (failures.length > 0)
    return { plan: { ...emptyPlan(input), failures }, compiled: declared, declared, wildcards: [] }
  checkZonesServed(selection, zones)
  const chosen = await chooseZones(selection, declared)
  const { steps = declared.manual } = input.since?.difference(declared) ?? {}
  const dns = steps.some(({ reverse }) => reverse !== undefined) ? await input.openReverseDns?.() : undefined
  try {
    return await planWith(input, declared, { zones, chosen }, { dns, steps })
  } finally {
    dns?.close()
  }
}

function meaningOf({ spec, compile: own }: PlanInput): NonNullable<PlanInput['compile']> {
  return own ?? ((...rest) => compile(spec, ...rest))
}

async function planWith(
  input: PlanInput,
  declared: Compiled,
  { zones, chosen: chosenZones }: { readonly zones: Targets; readonly chosen: ChosenZones },
  { dns, steps }: { readonly dns: ReverseDns | undefined; readonly steps: Compiled['manual'] },
): Promise<Made> {
  const { spec, locate } = input
  const seen: SeenReverse = dns ? await lookAtReverse({ manual: steps }, dns) : new Map()
  const { domains, keysOnly } = input.selection
  const keyZones = keyZonesOf(declared.input.domains.filter(({ name }) => domains.includes(name)))
  const places = new Set([...domains, ...keyZones.map(({ name }) => name)])
  const needs = keysOnly === 'tlsa' ? [] : declared.neededKeys
  const chosen = needs.filter(({ domain }) => domains.length === 0 || places.has(domain))
  const neededKeys = groupBy(
    withSelectors(chosen, usedSelectors(spec.domains, input.keys), input.today),
    ({ domain }) => zoneOf(joinName('_domainkey', domain), zones),
  )
  const chosenIn = (all: readonly ZoneTask[]): ZoneTask[] => all.filter(({ zone }) => chosenZones.isRead(zone))
  const { compiled, tasks, found } = await followAliases(aliasesSeen(seen), declared, {
    compile: (aliases) => meaningOf(input)(input.keys, zones, declared.input.mayServeMore, aliases),
    tasks: (one) => lookedAt(chosenIn(tasksOf(input, one, zones, neededKeys)), input.since?.difference(one)),
    plan: (some) => planZones(some, input),
  })
  const different = input.since?.difference(compiled)
  const failed = new Set(found.map(({ failure }) => failure?.zone))
  const keys = [...new Set(tasks.map(({ zone }) => zone))]
    .filter((zone) => !failed.has(zone) && chosenZones.isOwn(zone))
    .flatMap((zone) => neededKeys.get(zone) ?? [])
  const read = new Set(
    found.flatMap(({ zone, failure, isSeenOnly }) =>
      !isSeenOnly && (failure?.code === undefined || failure.code === 'rejected') ? [zone] : [],
    ),
  )
  const whole = new Set(
    tasks.flatMap(({ zone, connected }) => (connected.plugin.traits.read === 'places' ? [] : [zone])),
  )
  const wasRead = (name: Name): boolean => {
    const zone = zoneOf(name, zones)
    return zone !== undefined && read.has(zone) && whole.has(zone)
  }
  const planned = found.flatMap((finding) => finding.plan ?? [])
  const problems = [
    ...input.problems,
    ...unanswered(compiled.findings, wasRead)
      .filter(({ rule }) => rule !== 'mx-target-without-address')
      .filter((finding) => finding.seenAt === undefined || different?.isNew(finding) !== false)
      .map((finding) => toProblem(finding, locate)),
    ...found.flatMap((finding) => finding.problems),
    ...mxProblems(spec, found, locate),
    ...policyFilesFirst(planned),
    ...(isMoving(input) ? [] : keysThatGo(planned, input.keys)),
    ...expiredCertificates(spec, input.today).map((finding) => toProblem(finding, locate)),
  ]
  const plan: Plan = {
    ...emptyPlan(input),
    zones: planned,
    unchanged: found.filter((finding) => !finding.plan && !finding.failure).length,
    failures: found.flatMap(({ failure }) => failure ?? []),
    keys: keys.map(({ domain, algorithm, selector, from }) => ({
      domain,
      algorithm,
      selector,
      where: locate(from),
    })),
    manual: [
      ...(await looseSteps(different ? compiled.manual.filter(different.isNew) : compiled.manual, {
        seen,
        dns,
        locate,
      })),
      ...found.flatMap(({ steps = [] }) => steps),
    ],
    problems: inTextOrder(problems),
    ...narrowedIn(input, chosenZones, tasks, tasksOf(input, compiled, zones, neededKeys)),
  }
  const wildcards = found.flatMap(({ wildcards: zone, plan: at }) =>
    zone && at ? [{ zone, provider: at.provider }] : [],
  )
  return { plan, compiled, declared, wildcards }
}

/** Of what a run could look at, what it has to: there, reverse names of then count too, and no PTR goes that nobody can explain. */
function lookedAt(tasks: readonly ZoneTask[], different: Difference | undefined): ZoneTask[] {
  if (different === undefined) return [...tasks]
  const { isLooked, isUnexplained } = different
  return tasks
    .filter(({ zone, connected }) => isLooked({ zone, provider: connected.name }))
    .map((task) => ({
      ...task,
      frozen: (slot, held) => isUnexplained(slot) || (task.frozen?.(slot, held) ?? false),
      reverseNames: [...new Set([...task.reverseNames, ...(different.reverseNames.get(task.zone) ?? [])])],
    }))
}

/** How few zones were looked at, where not all were. */
function narrowedIn(
  { since, selection: { shard } }: PlanInput,
  { isNamed, isRead }: ChosenZones,
  tasks: readonly ZoneTask[],
  all: readonly ZoneTask[],
): Pick<Plan, 'narrowed'> {
  const named = new Set(all.map(({ zone }) => zone).filter(isNamed))
  const read = [...named].filter(isRead)
  const looked = new Set(tasks.map(({ zone }) => zone))
  const narrowed = [
    ...(shard ? [{ by: 'shard' as const, value: shardText(shard), notLookedAt: named.size - read.length }] : []),
    ...(since ? [{ ...since.revision, notLookedAt: read.filter((zone) => !looked.has(zone)).length }] : []),
  ]
  return narrowed.length === 0 ? {} : { narrowed }
}

/** A move waits itself until mail that was signed before has arrived. */
function isMoving({ problems }: PlanInput): boolean {
  return problems.some(({ rule }) => rule === 'move-under-way')
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
    ...observedIn(spec),
  }
}

/** What was observed of hosts whose addresses the spec does not list. */
function observedIn({ hosts }: MailSpec): Pick<Plan, 'observed'> {
  const observed = hosts.flatMap(({ name, addresses, observed: how }) =>
    how ? [{ host: name, addresses: addresses.map(({ value }) => value), ...how }] : [],
  )
  return observed.length === 0 ? {} : { observed }
}

/**
 * Every declared zone, with or without records (what we own there may have to go), every other zone with records, and the
 * addresses of each address owner.
 */
function tasksOf(
  input: PlanInput,
  compiled: Compiled,
  zones: Targets,
  neededKeys: ReadonlyMap<Name | undefined, readonly DkimNeed[]>,
): ZoneTask[] {
  const { spec, providers, selection } = input
  const isChosen = recordFilter(spec, selection)
  const { keysOnly } = selection
  const isLimited = keysOnly !== undefined || selection.domains.length > 0
  const gone = new Set((keysOnly === 'dkim' ? input.keys : []).filter(({ state }) => state === 'gone').map(nameOfKey))
  const isGoneKey = ({ purpose, name }: Slot): boolean => purpose === 'dkim' && gone.has(name)
  const frozen = frozenSlots(spec)
  const reverseNames = groupBy(reverseNamesOf(compiled.input), (name) => zoneOf(name, zones))
  const mxTargets = groupBy(undeclaredMxTargets(spec), (name) => zoneOf(name, zones))
  const task = (zone: Name, connected: Connected, desired: readonly MailRecord[]): ZoneTask => ({
    zone,
    connected,
    desired: desired.filter(isChosen),
    mxTargets: mxTargets.get(zone) ?? [],
    neededKeys: neededKeys.get(zone) ?? [],
    owner: spec.owner,
    manifestTtl: spec.ttl,
    partial: isLimited,
    ...(keysOnly !== undefined && { mayGo: isGoneKey }),
    ...(selection.shard && !isLimited && !isReverse(zone) && { mayGo: isNoPtr }),
    frozen,
    reverseNames: reverseNames.get(zone) ?? [],
    rules: compiled.input,
  })
  const addressTasks = [...(spec.addressOwners ?? [])]
    .sort()
    .map((name) => task(ARPA, holderOf(providers.get(name) as Connected, ARPA), compiled.addressOwners.get(name) ?? []))
  const names = [...zones.keys()].filter((zone) => spec.zones.has(zone) || compiled.zones.has(zone))
  const zoneTasks = names
    .sort()
    .flatMap((zone) =>
      (zones.get(zone) as readonly string[]).map((target) =>
        task(zone, providers.get(target) as Connected, compiled.zones.get(zone) ?? []),
      ),
    )
  return [...addressTasks, ...zoneTasks].filter(
    ({ zone, desired, partial }) =>
      !partial || desired.length > 0 || neededKeys.has(zone) || [...gone].some((name) => isWithin(name, zone)),
  )
}

/** Whether there is a PTR outside of the reverse zones depends on CNAMEs in these, which another shard may have. */
function isNoPtr({ purpose }: Slot): boolean {
  return purpose !== 'ptr'
}
