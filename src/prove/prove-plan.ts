import { publicDns } from '../../providers/dns/client/public-dns.js'
import { MailsyncError } from '../../records/error.js'
import type { Name } from '../../records/rr/name.js'
import type { Connected } from '../connect/connect.js'
import type { Io } from '../io.js'
import type { Plan } from '../plan/plan.js'
import { readSelection } from '../plan/select.js'
import { progressLine } from '../progress.js'
import type { Session } from '../session.js'
import { resolvedDns } from '../spf/resolved-dns.js'
import { changedAnswers, type WildcardZone } from './changed-answers.js'
import { changedDns } from './changed-dns.js'
import { specMailings } from './mailings.js'
import { orderedChanges } from './ordered-changes.js'
import { proofRows } from './proof.js'
import { servedKeyMailings } from './senders/served-keys.js'
import { servedMailings, servedRow } from './senders/served-mailings.js'

export interface ProveOptions {
  readonly domain: readonly string[]
  /** `address[:port]`, or `root` to ask none; the system's without it. */
  readonly resolver?: string | undefined
  /** Identities of age, which open private keys that are encrypted. */
  readonly identities: readonly string[]
}

/** A plan, and of the zones that it changes those with wildcards, as they were read. */
export interface PlannedWith {
  readonly plan: Plan
  readonly wildcards: readonly WildcardZone[]
}

/**
 * The plan with its proof: a message of each domain from each address that sends for it, signed with the keys that sign,
 * judged as a receiver would, by DNS as it is, as it will be, and at every moment in between.
 */
export async function provenPlan(
  { plan, wildcards }: PlannedWith,
  session: Session,
  providers: ReadonlyMap<string, Connected>,
  { domain, resolver: named, identities }: ProveOptions,
  io: Io,
): Promise<Plan> {
  const { domains } = readSelection(session.spec, [], domain)
  const place = { directory: session.keysDirectory, identities }
  const changes = orderedChanges(plan, providers)
  const { resolver, close } = publicDns({ resolver: named })
  const progress = progressLine(io, 'proving mailings')
  const zones = new Map(
    [...session.spec.zones.keys(), ...plan.zones.map(({ zone }) => zone as Name)].map((name) => [name, true]),
  )
  try {
    const served = resolvedDns(resolver, io.signal)
    const answers = changedAnswers(changes, wildcards, zones)
    const dnsSeen = (isOld: boolean) =>
      changedDns(
        served,
        answers.seen(() => isOld),
      )
    const [dns, after] = [dnsSeen(true), dnsSeen(false)]
    const { mailings, unproven } = await specMailings(session, domains, place, io.now(), [dns, after])
    const others = await servedMailings({
      session,
      chosen: domains,
      changes,
      known: mailings,
      dns,
      after,
      place,
      now: io.now(),
    })
    const lost = servedKeyMailings({ spec: session.spec, keys: session.keys, chosen: domains, changes })
    const all = await proofRows({
      mailings: [...mailings, ...others, ...lost],
      changes,
      served,
      wildcards,
      zones,
      onProgress: progress.update,
    })
    const rows = all.flatMap((row, index) => {
      if (index < mailings.length) return [row]
      const other = others[index - mailings.length]
      if (other) return servedRow(row, other)
      return row.broken === undefined ? [] : [row]
    })
    if (io.signal.aborted)
      throw new MailsyncError('cancelled', 'the run was stopped before the plan was proven; nothing was changed')
    return { ...plan, proof: { rows, unproven } }
  } finally {
    progress.end()
    close()
  }
}
