import { quoted } from '../cut.js'
import { lookupsOf, readSpf } from '../families/spf/read-spf.js'
import type { Severity, SpecPath } from '../finding.js'
import { displayName } from '../rr/name.js'
import { rdataTexts } from '../rr/rrset.js'
import { isUnobserved, type MailSpec } from '../spec.js'
import { crossedNames } from './blend/blend-records.js'
import { blendSpf } from './blend/blend-spf.js'
import type { CompiledMove, MoveSpecs } from './compile-move.js'
import type { Pair } from './pairs.js'

/** What is said about a move before it begins. */
export interface MoveFinding {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  readonly hint: string
  /** In which of the two specs `from` is a place. */
  readonly side: 'old' | 'goal'
  readonly from: SpecPath
}

/** What keeps a move from being safe, all at once, and what its owner should know. */
export function checkMove(specs: MoveSpecs, move: CompiledMove): MoveFinding[] {
  return [
    ...incompatible(specs),
    ...move.moving.flatMap((pair) => [...turnedKeys(pair, move), ...costlySpf(pair, move)]),
    ...observed(specs, move),
    ...keysMissing(move),
    ...foreignPolicies(specs),
    ...silentSpf(move),
  ]
}

/** Zones whose providers change, with those that hold them then. */
export function movedZones({ old, goal }: MoveSpecs): { readonly zone: string; readonly to: readonly string[] }[] {
  return [...goal.zones].flatMap(([zone, { targets }]) => {
    const before = old.zones.get(zone)?.targets
    return before?.some((target) => !targets.includes(target)) ? [{ zone, to: targets }] : []
  })
}

function incompatible({ old, goal }: MoveSpecs): MoveFinding[] {
  const fault = (rule: string, from: SpecPath, message: string, hint: string): MoveFinding => ({
    rule,
    severity: 'error',
    message,
    hint,
    side: 'goal',
    from,
  })
  const twins = [...goal.providers].filter(([name, provider]) => {
    const own = old.providers.get(name)
    return own && textOf(own) !== textOf(provider)
  })
  return [
    ...twins.map(([name, { from }]) =>
      fault(
        'move-provider',
        from,
        `the provider ${quoted(name)} has other options in the spec that is moved from`,
        'both are used during the move: give the new one a name of its own',
      ),
    ),
    ...(old.owner === goal.owner
      ? []
      : [fault('move-owner', ['ownership'], 'the two specs have different owners', 'leave ownership as it is')]),
    ...(old.keysDirectory === goal.keysDirectory
      ? []
      : [
          fault(
            'move-keys',
            ['keys'],
            'the two specs keep DKIM keys in different folders',
            'leave keys.directory as it is',
          ),
        ]),
  ]
}

function textOf({ class: kind, options }: { readonly class: string; readonly options: object }): string {
  return JSON.stringify([kind, Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))])
}

/** A selector holds one key: the old one and the new one cannot stand beside each other there. */
function turnedKeys({ slot, old, goal }: Pair, { pairs }: CompiledMove): MoveFinding[] {
  if (slot.purpose !== 'dkim' || !goal) return []
  if (!old && !crossedNames(pairs).has(slot.name)) return []
  return [
    {
      rule: 'move-selector',
      severity: 'error',
      message: `${displayName(slot.name)} has one key in the old spec and another in the new one, and mail that is on its way needs both`,
      hint: 'give the new key a selector of its own',
      side: 'goal',
      from: goal.from,
    },
  ]
}

/** Look-ups that a receiver makes at most (RFC 7208 §4.6.4). */
const MOST_LOOKUPS = 10

function costlySpf({ slot, old, goal }: Pair, move: CompiledMove): MoveFinding[] {
  if (slot.purpose !== 'spf' || !old || !goal) return []
  const texts = [old, goal].flatMap(({ rrset }) => rdataTexts(rrset))
  const { value } = readSpf(blendSpf(slot.name, texts, { old: move.old.input, goal: move.goal.input }))
  const cost = value ? lookupsOf(value).length : 0
  if (cost <= MOST_LOOKUPS) return []
  return [
    {
      rule: 'move-spf-lookups',
      severity: 'error',
      message: `the SPF of ${displayName(slot.name)} would have ${cost} terms that are looked up while it passes the senders of both specs, and receivers give up after ${MOST_LOOKUPS} (RFC 7208 §4.6.4)`,
      hint: 'put includes under spf.flatten, or take out what is not used, before the move',
      side: 'goal',
      from: goal.from,
    },
  ]
}

/** Addresses that change by themselves move by themselves. */
function observed({ old, goal }: MoveSpecs, { moving }: CompiledMove): MoveFinding[] {
  const named = new Set(moving.filter(({ slot }) => slot.purpose === 'host').map(({ slot }) => slot.name))
  return (['old', 'goal'] as const).flatMap((side) =>
    (side === 'old' ? old : goal).hosts
      .filter((host) => isUnobserved(host) || (host.observed !== undefined && named.has(host.name)))
      .map(({ name, from }) => ({
        rule: 'move-observed',
        severity: 'error' as const,
        message: `the addresses of ${displayName(name)} are observed and not listed, so what moves would change on the way`,
        hint: 'list them in both specs for as long as the move lasts',
        side,
        from,
      })),
  )
}

function keysMissing({ goal }: CompiledMove): MoveFinding[] {
  return goal.neededKeys.map(({ domain, algorithm, from }) => ({
    rule: 'move-key-missing',
    severity: 'error',
    message: `${displayName(domain)} has no ${algorithm} key yet, and the new spec asks for one`,
    hint: 'make it first: mailsync dkim generate, with the new spec as --config',
    side: 'goal',
    from,
  }))
}

/** Policies that somebody else keeps have to allow both MX, and mailsync cannot see to that. */
function foreignPolicies({ old, goal }: MoveSpecs): MoveFinding[] {
  const next = new Map(goal.domains.map((domain) => [domain.name, domain]))
  return old.domains.flatMap(({ name, mtaSts, mx }): MoveFinding[] => {
    if (mtaSts === false || !('id' in mtaSts.policy) || sameMx(mx, next.get(name)?.mx)) return []
    return [
      {
        rule: 'move-policy-elsewhere',
        severity: 'warning',
        message: `somebody else keeps the MTA-STS policy of ${displayName(name)}: it has to list the MX of both specs before the stage \`both\`, and until the move is over`,
        hint: 'have them add the new MX to it, and write the new id into both specs before the move begins',
        side: 'old',
        from: mtaSts.from,
      },
    ]
  })
}

function sameMx(a: MailSpec['domains'][number]['mx'], b: MailSpec['domains'][number]['mx']): boolean {
  const textOfMx = (mx: typeof a): string =>
    Array.isArray(mx)
      ? mx
          .map(({ host }) => host)
          .sort()
          .join(' ')
      : String(mx)
  return textOfMx(a) === textOfMx(b)
}

function silentSpf({ moving, old, goal }: CompiledMove): MoveFinding[] {
  const [before, after] = [old, goal].map(({ input }) => new Set<string>(input.domains.map(({ name }) => name)))
  return moving.flatMap(({ slot, ...pair }): MoveFinding[] => {
    const only = pair.old && pair.goal ? undefined : (pair.old ?? pair.goal)
    if (slot.purpose !== 'spf' || !only || !before?.has(slot.name) || !after?.has(slot.name)) return []
    return [
      {
        rule: 'move-spf-absent',
        severity: 'warning',
        message: `${displayName(slot.name)} has an SPF in one of the specs only, so it has none from the stage \`both\` until \`clean\`: only then the senders of both are not refused`,
        hint: 'write an SPF in both specs where you do not want that',
        side: pair.old ? 'old' : 'goal',
        from: only.from,
      },
    ]
  })
}
