import { dirname, resolve } from 'node:path'
import type { PublicDns } from '../../../providers/dns/client/public-dns.js'
import { fileError } from '../../../providers/files/file-error.js'
import { MailsyncError } from '../../../records/error.js'
import type { RollStep } from '../../../records/families/tlsa/roll/next-steps.js'
import type { RollKey } from '../../../records/families/tlsa/roll/roll-key.js'
import { takeRollStep } from '../../../records/families/tlsa/roll/take-step.js'
import type { Name } from '../../../records/rr/name.js'
import type { ZoneOutcome } from '../../apply/result.js'
import type { Connected } from '../../connect/connect.js'
import { publishKeys } from '../../dkim/rotation/publish-keys.js'
import { type Failure, failureOf } from '../../failure.js'
import { shownInstant } from '../../instant.js'
import type { Io } from '../../io.js'
import type { PlannedManualStep, ZoneFailure } from '../../plan/plan.js'
import type { Session } from '../../session.js'
import { installRenewal } from './install.js'
import { type HostRoll, lookAtHosts, tlsaHosts } from './look.js'
import { changeRollFile, rollFile } from './roll-file.js'

export interface RollInput {
  readonly session: Session
  /** Reads the spec and what is remembered again. */
  readonly reopen: () => Promise<Session>
  /** Who writes DNS; without them somebody else does, by the files that are committed. */
  readonly providers: ReadonlyMap<string, Connected> | undefined
  readonly dns: PublicDns
  readonly io: Io
  readonly parallel: number
  /** Whether a host is looked at. */
  readonly isChosen: (host: Name) => boolean
  /** Whether servers are asked for their certificates. */
  readonly connect: boolean
  /** Looks only. */
  readonly dryRun: boolean
}

/** A step that was taken. */
export interface TakenRollStep extends RollStep {
  readonly host: Name
}

/** What was done with the keys of certificates, and what they wait for. */
export interface Roll {
  /** In a dry run: those that are due now. */
  readonly taken: readonly TakenRollStep[]
  /** As they are at the end. */
  readonly hosts: readonly HostRoll[]
  readonly zones: readonly ZoneOutcome[]
  readonly manual: readonly PlannedManualStep[]
  readonly zoneFailures: readonly ZoneFailure[]
  readonly failures: readonly (Failure & { readonly host: Name })[]
}

/** A step leads to the next one at once where nothing waits in between; no host has as many in a row. */
const MOST_ROUNDS = 10

/**
 * Takes every step that is due with the keys of certificates. Run again, by hand, by a schedule or by an ACME client, it takes those that
 * are due then.
 *
 * The order is what makes a crash harmless, wherever it comes: a new key is remembered, then DNS has it; the server gets a certificate,
 * then it is remembered that it has it. After the first the next run writes DNS, after the third it finds what is installed.
 */
export async function roll(input: RollInput): Promise<Roll> {
  const { providers, io, parallel, dryRun, isChosen } = input
  let { session } = input
  const taken: TakenRollStep[] = []
  const zones: ZoneOutcome[] = []
  for (let round = 1; ; round++) {
    const published = providers && (await publishKeys({ session, providers, io, parallel, kind: 'tlsa' }, !dryRun))
    zones.push(...(published?.zones ?? []))
    const rolled = tlsaHosts(session).filter(({ name, tlsa }) => tlsa.roll.length > 0 && isChosen(name))
    const hosts = await lookAtHosts(rolled, session, input)
    const failures = hosts.flatMap((one) => [
      ...(one.failure ? [{ host: one.host.name, ...one.failure }] : []),
      ...behind(one),
    ])
    const before = taken.length
    for (const one of hosts) {
      const { host, next } = one
      if (next.steps.length === 0 || io.signal.aborted) continue
      const { done, failure } = dryRun
        ? { done: next.steps, failure: undefined }
        : await carryOut(one, session.file, io)
      taken.push(...done.map((step) => ({ host: host.name, ...step })))
      if (failure) failures.push({ host: host.name, ...failure })
    }
    if (dryRun || taken.length === before || failures.length > 0 || round >= MOST_ROUNDS || io.signal.aborted)
      return {
        taken,
        hosts,
        zones,
        manual: published?.plan.manual ?? [],
        zoneFailures: published?.failures ?? [],
        failures,
      }
    session = await input.reopen()
  }
}

/** Takes the steps of one host: in its file, and at its server; not in DNS, which is made as the file says after it. */
async function carryOut(
  { host: { name, tlsa }, files, next }: HostRoll,
  spec: string,
  io: Io,
): Promise<{ readonly done: readonly RollStep[]; readonly failure: Failure | undefined }> {
  const done: RollStep[] = []
  let failure: Failure | undefined
  let keys: readonly RollKey[] = tlsa.rollKeys
  const folder = dirname(resolve(spec))
  try {
    await changeRollFile(rollFile(spec, name), keys, io.signal, async () => {
      for (const step of next.steps)
        try {
          const { value } = tlsa.roll.find((one) => one.value.certificate === step.certificate) ?? {}
          const renewal = files.get(step.certificate)?.renewal
          if (step.kind === 'install' && value && renewal)
            await installRenewal(value, renewal, { folder, now: io.now(), env: io.env, signal: io.signal })
          keys = takeRollStep(keys, step, io.now())
          done.push(step)
        } catch (error) {
          failure ??= failureOf(fileError(error, folder))
        }
      return keys
    })
  } catch (error) {
    return { done: [], failure: failureOf(fileError(error, rollFile(spec, name))) }
  }
  return { done, failure }
}

/** A step that is taken too early cannot be taken back. */
function behind({ host, next }: HostRoll): (Failure & { readonly host: Name })[] {
  const clock = next.waits.find(({ reason }) => reason === 'clock')
  if (clock?.until === undefined) return []
  const error = new MailsyncError(
    'guard',
    `the clock of this machine is behind: something was done with its keys at ${shownInstant(clock.until)}`,
    { hint: 'set the clock; if it is right, restore the file of the host below tlsa/ from git' },
  )
  return [{ host: host.name, ...failureOf(error) }]
}
