import { families } from '../../records/families/index.js'
import { displayName, isWithin } from '../../records/rr/name.js'
import { subjectOf } from '../../records/rr/rrset.js'
import type { Plan, PlannedChange, PlannedEdit, ZonePlan } from '../plan/plan.js'
import { hasErrors } from '../problem.js'
import { CHECK_NAMES, isRelayed, whileText } from '../prove/verdict.js'

/** Why a plan is not carried out as it is. */
export interface Refusal {
  readonly guard: 'adopt' | 'deletes' | 'proof'
  readonly zone: string
  readonly provider: string
  readonly message: string
  readonly hint: string
}

/** The share of what is owned in a zone, and the number of slots, above which deleting needs `--force`. */
const MAX_SHARE = 0.3
const MIN_COUNT = 3

/** The safety limits a plan runs into. */
export function refusals(plan: Plan, { adopt, force }: { adopt: boolean; force: boolean }): Refusal[] {
  return [
    ...plan.zones.flatMap((zone) => [...(adopt ? [] : adoptions(zone)), ...(force ? [] : deletions(zone))]),
    ...(force ? [] : brokenMail(plan)),
  ]
}

/** Whether the plan has errors that are about the spec as a whole; those of one zone only stop that zone. */
export function isUnsound(plan: Plan): boolean {
  return hasErrors(plan.problems.filter(({ zone }) => zone === undefined))
}

function adoptions({ zone, provider, changes }: ZonePlan): Refusal[] {
  return changes.flatMap((change) =>
    change.edits
      .filter(({ adopts }) => adopts)
      .map((edit) => ({
        guard: 'adopt',
        zone,
        provider,
        message: `${subjectOf(change).name} ${subjectOf(change).type} (${edit.purpose}) holds a value that mailsync did not write: ${held(change, edit)}`,
        hint: 'if it may be replaced, run apply with --adopt',
      })),
  )
}

/** The values that would be replaced; where only the TTL would, that too. */
function held(change: PlannedChange, edit: PlannedEdit): string {
  const isSame = edit.before.length === edit.after.length && edit.before.every((value) => edit.after.includes(value))
  const ttl =
    isSame && change.kind === 'update' ? ` (TTL ${change.before.ttl}, and the spec wants ${change.after.ttl})` : ''
  return edit.before.join(', ') + ttl
}

function deletions(plan: ZonePlan): Refusal[] {
  const { zone, provider, removed, owned } = plan
  if (removed < MIN_COUNT || removed <= owned * MAX_SHARE || isOneOfSeveral(plan)) return []
  return [
    {
      guard: 'deletes',
      zone,
      provider,
      message: `${removed} of the ${owned} records that mailsync owns in ${zone} would be deleted`,
      hint: 'if that is what you want, run apply with --force',
    },
  ]
}

/** What passes at receivers now and would not, where the plan was proven. */
export function brokenMail({ proof }: Pick<Plan, 'proof'>): Refusal[] {
  return (proof?.rows ?? []).flatMap(({ domain, address, of, servedTerm, now, broken: checks = [] }) =>
    checks.map(({ check, when, result, why, zone, provider, ...seen }): Refusal => {
      const isOwn = servedTerm === undefined && !isRelayed(now)
      const from = address === undefined ? `${of},` : isOwn || of.startsWith(address) ? address : `${address}, ${of},`
      const mail = `mail of ${displayName(domain)} from ${from}`
      const until = when === 'after' ? 'then' : whileText(seen)
      return {
        guard: 'proof',
        zone,
        provider,
        message: `${mail} passes ${CHECK_NAMES[check]} now, and ${until} would not: ${result}${why === undefined ? '' : `, ${why}`}`,
        hint:
          servedTerm !== undefined
            ? `the spec no longer names who sends by ${servedTerm}; name it for ${displayName(domain)} again, or, if it sends no more, run apply with --force`
            : when === 'after'
              ? 'change the spec, or, if that is what you want, run apply with --force'
              : 'make the change in two runs, a TTL apart, or, if that moment does not matter, run apply with --force',
      }
    }),
  )
}

/** Whether all that goes is one domain's, with its hosts, and others stay: that is what leaving the spec looks like. */
function isOneOfSeveral({ zone, changes, removed, owned }: ZonePlan): boolean {
  if (removed === owned) return false
  const gone = changes.flatMap((change) =>
    change.edits
      .filter(({ after }) => after.length === 0)
      .flatMap(({ purpose, before }) => families[purpose].words.subjects(subjectOf(change).name, before)),
  )
  const [first, ...others] = [...new Set(gone)].sort((a, b) => a.length - b.length)
  if (first === undefined) return false
  return others.length === 0 || (first !== zone && others.every((name) => isWithin(name, first)))
}
