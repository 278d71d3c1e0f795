import { type Compiled, compile, type Targets } from '../../records/compile.js'
import { usedSelectors } from '../../records/families/dkim/dkim.js'
import { withSelectors } from '../../records/families/dkim/dkim-key.js'
import { keyZonesOf } from '../../records/families/dkim/key-zone.js'
import { groupBy } from '../../records/group.js'
import { joinName, type Name, zoneOf } from '../../records/rr/name.js'
import type { Zone } from '../../records/rr/zone.js'
import { unanswered } from '../../records/rules.js'
import { expiredCertificates } from '../config/certificates/expired-certificates.js'
import { aliasesSeen, lookAtReverse, type SeenReverse, untoldNames } from '../hosts/reverse/look-at-reverse.js'
import type { ReverseDns } from '../hosts/reverse/reverse-dns.js'
import { isMoving } from '../move/is-moving.js'
import { inTextOrder, toProblem } from '../problem.js'
import { looseSteps } from '../steps/loose-steps.js'
import { emptyPlan } from './empty-plan.js'
import { followAliases } from './follow-aliases.js'
import type { Plan } from './plan.js'
import type { PlanInput } from './plan-input.js'
import { policyFilesFirst } from './policy-files-first.js'
import { keysThatGo } from './problems/keys-that-go.js'
import { mxProblems } from './problems/mx-targets.js'
import { checkZonesServed, placeFilter } from './select.js'
import { type ChosenZones, chooseZones } from './zones/choose-zones.js'
import { discoverZones } from './zones/discover-zones.js'
import { leadingTasks, unseenNames } from './zones/leading-zones.js'
import { lookedAt, narrowedIn } from './zones/narrowing.js'
import { planZones } from './zones/plan-zones.js'
import type { ZoneTask } from './zones/task.js'
import { zoneTasks } from './zones/zone-tasks.js'

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
  const untold = untoldNames(declared, { manual: dns ? steps : [] }, seen)
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
    tasks: (one) => {
      const different = input.since?.difference(one)
      const own = lookedAt(chosenIn(zoneTasks(input, one, zones, neededKeys)), different)
      const all = [...own, ...leadingTasks(own, one, input.providers)]
      const unseen = unseenNames(one, { tasks: all, untold, wasAsked: different?.wasAsked })
      return unseen === undefined ? all : all.map((task) => ({ ...task, unseen }))
    },
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
  const isAbout = placeFilter(spec, input.selection)
  const planned = found.flatMap((finding) => finding.plan ?? [])
  const problems = [
    ...input.problems,
    ...unanswered(compiled.findings, wasRead)
      .filter(
        ({ rule, severity, from }) => rule !== 'mx-target-without-address' && (severity === 'error' || isAbout(from)),
      )
      .filter((finding) => finding.seenAt === undefined || different?.isNew(finding) !== false)
      .map((finding) => toProblem(finding, locate)),
    ...found.flatMap((finding) => finding.problems),
    ...mxProblems({ ...spec, domains: spec.domains.filter(({ from }) => isAbout(from)) }, found, locate),
    ...policyFilesFirst(planned),
    // A move waits itself until mail that was signed before has arrived.
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
    ...(await narrowedIn(input, declared, chosenZones, tasks, () => zoneTasks(input, compiled, zones, neededKeys))),
  }
  const wildcards = found.flatMap(({ wildcards: zone, plan: at }) =>
    zone && at ? [{ zone, provider: at.provider }] : [],
  )
  return { plan, compiled, declared, wildcards }
}
