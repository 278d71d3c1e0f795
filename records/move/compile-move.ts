import { type Compiled, compile, type Targets, withRecords } from '../compile.js'
import type { DkimPublicKey } from '../families/dkim/dkim-key.js'
import type { ManualStep } from '../families/family.js'
import type { MailRecord } from '../families/mail-record.js'
import type { ReverseAliases } from '../rr/reverse.js'
import { keyOf } from '../rr/rrset.js'
import type { MailSpec } from '../spec.js'
import { type BlendView, blendRecords, movingKeys } from './blend/blend-records.js'
import { blendSpecs } from './blend/blend-spec.js'
import type { Level } from './move.js'
import { type Pair, type Pairs, pairKey, pairsOf } from './pairs.js'

export interface MoveSpecs {
  readonly old: MailSpec
  readonly goal: MailSpec
}

/** Two specs, compiled for the zones of both: what they agree about, and what moves. */
export interface CompiledMove {
  readonly old: Compiled
  readonly goal: Compiled
  readonly pairs: Pairs
  /** In the order of the old spec, then of the new one. */
  readonly moving: readonly Pair[]
  /** What DNS is to hold at a level, with TTLs of at most so many seconds for what moves; as a spec of its own would mean it. */
  at(level: Level, ttl: number): Compiled
}

interface CompileArguments {
  readonly keys: readonly DkimPublicKey[]
  readonly zones: Targets
  readonly mayServeMore?: boolean
  readonly aliases?: ReverseAliases
}

/** Compiles a move. Pure. */
export function compileMove(
  { old: from, goal: to }: MoveSpecs,
  { keys, zones, mayServeMore = false, aliases = new Map() }: CompileArguments,
): CompiledMove {
  const compiled = (spec: MailSpec): Compiled => compile(spec, keys, zones, mayServeMore, aliases)
  const [old, goal] = [compiled(from), compiled(to)]
  const pairs = pairsOf(old.input.records, goal.input.records)
  const sides = { pairs, old: old.input, goal: goal.input }
  const keysOfMoving = movingKeys(sides)
  const known = new Set(goal.input.domains.map(({ name }) => name))
  const sharedDomains = new Set(old.input.domains.flatMap(({ name }) => (known.has(name) ? [name] : [])))
  const caa = old.input.records.filter(({ purpose }) => purpose === 'caa')
  const restricted = new Set(caa.map(({ rrset }) => rrset.name))
  return {
    old,
    goal,
    pairs,
    moving: [...keysOfMoving].flatMap((key) => pairs.get(key) ?? []),
    at: (level, ttl) => {
      const blended = compiled(blendSpecs(from, to, level))
      const view: BlendView = { ...sides, sharedDomains, restricted, blended: byKey(blended.input.records) }
      const records = blendRecords(view, keysOfMoving, level, ttl)
      return {
        ...withRecords(blended, records),
        findings: (level < 2 ? old : goal).findings,
        manual: manualAt(level, old.manual, goal.manual),
      }
    },
  }
}

function byKey(records: readonly MailRecord[]): Map<string, MailRecord> {
  return new Map(records.map((record) => [pairKey(record), record]))
}

/** What others have to enter: for the old spec until it is gone, for the new one as soon as it comes. One place is told once. */
function manualAt(level: Level, old: readonly ManualStep[], goal: readonly ManualStep[]): ManualStep[] {
  const lists = level === 0 ? [old] : level === 3 ? [goal] : level === 1 ? [old, goal] : [goal, old]
  return [
    ...new Map(
      lists
        .flat()
        .map((step) => [keyOf(step.rrset), step] as const)
        .reverse(),
    ).values(),
  ].reverse()
}
