import { basename, dirname, join } from 'node:path'
import { withLock } from '../../../providers/files/lock.js'
import { readIfThere } from '../../../providers/files/read-file.js'
import { removeDrafts, replaceFile } from '../../../providers/files/write-file.js'
import { MailsyncError } from '../../../records/error.js'
import type { DayEvidence } from '../../../records/families/dmarc/ramp/day.js'
import { nextRampStep, type RampNext } from '../../../records/families/dmarc/ramp/next-step.js'
import { type RampPolicy, type Stage, stageBefore, stageOf } from '../../../records/families/dmarc/ramp/ramp-policy.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import { RAMP_FILE, RAMP_HINT, type RampEntry, rampText, readRamp } from './ramp-file.js'

/** A domain whose policy is to become strict. */
export interface RampDomain {
  readonly name: Name
  readonly policy: RampPolicy
  readonly days: readonly DayEvidence[]
  /** Whether it is to go one stage back, whatever reports say. */
  readonly back: boolean
}

/** What became of it. */
export interface Ramped {
  readonly name: Name
  readonly goal: Stage
  /** Before what is done now. */
  readonly stage: Stage
  readonly next: RampNext | { readonly kind: 'back'; readonly to: Stage }
}

export interface RampRun {
  /** The spec, beside which the state is. */
  readonly file: string
  readonly domains: readonly RampDomain[]
  /** All that have a ramp: others are forgotten when something is written. */
  readonly known: ReadonlySet<Name>
  /** Seconds since 1970. */
  readonly now: number
  readonly dryRun: boolean
  readonly signal: AbortSignal
}

/**
 * Takes the step of each domain that is due, in the state file, all at once and under its lock: what another run did meanwhile
 * is seen. Throws {@link MailsyncError} `io` for a malformed file, `usage` for a domain that cannot go back; nothing is written then.
 */
export async function ramp(run: RampRun): Promise<readonly Ramped[]> {
  const path = join(dirname(run.file), RAMP_FILE)
  if (run.dryRun) return stepsOf(run, readState(path))
  return withLock(`${path}.lock`, { signal: run.signal }, async ({ leftovers, assertHeld }) => {
    removeDrafts(dirname(path), leftovers, (name) => name === basename(path))
    const state = readState(path)
    const ramped = stepsOf(run, state)
    const after = new Map([...state].filter(([name]) => run.known.has(name)))
    for (const { name, next } of ramped)
      if (next.kind === 'step') after.set(name, { stage: next.to, since: run.now, evidence: next.evidence })
      else if (next.kind === 'back') after.set(name, { stage: next.to, since: run.now })
    if (ramped.some(isTaken)) {
      await assertHeld()
      await replaceFile(path, rampText(after))
    }
    return ramped
  })
}

/** Whether the policy of the domain is another one now. */
export function isTaken({ next }: Ramped): boolean {
  return next.kind === 'step' || next.kind === 'back'
}

function stepsOf({ domains, now }: RampRun, state: ReadonlyMap<Name, RampEntry>): Ramped[] {
  return domains.map(({ name, policy, days, back }) => {
    const entry = state.get(name)
    const stage = stageOf(policy, entry)
    const of = { name, goal: policy.goal, stage }
    if (!back) return { ...of, next: nextRampStep({ policy, state: entry, days, now }) }
    const to = stageBefore(stage)
    if (to === undefined) throw new MailsyncError('usage', `--back ${displayName(name)}: its policy is none already`)
    return { ...of, next: { kind: 'back', to } }
  })
}

/** Octets that the file may have: 100,000 domains have 20 MiB. */
const LIMIT = 32 * 1024 * 1024

function readState(path: string): ReadonlyMap<Name, RampEntry> {
  const text = readIfThere(path, LIMIT)?.toString()
  const found = text === undefined ? new Map<Name, RampEntry>() : readRamp(text)
  if (typeof found !== 'string') return found
  throw new MailsyncError('io', `${path}: ${found}`, { where: { file: path }, hint: RAMP_HINT })
}
