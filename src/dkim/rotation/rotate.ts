import type { PublicDns } from '../../../providers/dns/client/public-dns.js'
import { MailsyncError } from '../../../records/error.js'
import { groupBy } from '../../../records/group.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import type { ZoneOutcome } from '../../apply/result.js'
import type { Connected } from '../../connect/connect.js'
import { type Failure, failureOf } from '../../failure.js'
import type { Shard } from '../../fleet/shards/shard.js'
import { shownInstant } from '../../instant.js'
import type { Io } from '../../io.js'
import type { PlannedManualStep, ZoneFailure } from '../../plan/plan.js'
import type { Session } from '../../session.js'
import { carryOut, compromised, markCompromised, type TakenStep, type Workshop } from './carry-out.js'
import { type Lead, lookAtLeads, noteLeads } from './leads.js'
import { observeKeys } from './observe-keys.js'
import { ownPlaces } from './own-places.js'
import { publishKeys } from './publish-keys.js'
import { isWatched, ownKeyPlaces, type Ring, ringsOf } from './rings.js'
import { zoneServers } from './zone-servers.js'

export interface RotationInput {
  readonly session: Session
  /** Reads the spec and the keys again. */
  readonly reopen: () => Promise<Session>
  readonly providers: ReadonlyMap<string, Connected>
  readonly dns: PublicDns
  readonly io: Io
  readonly parallel: number
  /** Only the keys in its zones; all without it. */
  readonly shard?: Shard | undefined
  /** With them private halves that age encrypts are opened. */
  readonly identities: readonly string[]
  /** Domains whose private keys somebody else may have. */
  readonly compromised: readonly Name[]
  /** Looks only. */
  readonly dryRun: boolean
  /** After so many rounds the steps that follow at once are left to the next run; 1: nothing that is new in the files is published. */
  readonly rounds?: number
  /** Why no private key can be made for this domain here; undefined where one can. */
  readonly unable?: (ring: Ring) => string | undefined
}

/** What a rotation did, and what it waits for. */
export interface Rotation {
  /** In a dry run: those that are due now. */
  readonly taken: readonly TakenStep[]
  /** As they are at the end. */
  readonly rings: readonly Ring[]
  readonly zones: readonly ZoneOutcome[]
  readonly manual: readonly PlannedManualStep[]
  readonly zoneFailures: readonly ZoneFailure[]
  readonly failures: readonly (Failure & { readonly domain: Name })[]
}

/** A step leads to the next one at once where nothing waits in between; no domain has as many in a row. */
const MOST_ROUNDS = 10

/**
 * Takes every step of every domain that is due. Run again, by hand or by a schedule, it takes those that are due then; killed
 * anywhere, the next run goes on from there: see {@link carryOut}.
 */
export async function rotate(input: RotationInput): Promise<Rotation> {
  const { providers, io, parallel, identities, dryRun, shard, rounds = MOST_ROUNDS } = input
  let { session } = input
  const workshop = (): Workshop => ({
    keysDirectory: session.keysDirectory,
    now: io.now(),
    signal: io.signal,
    identities,
  })
  const taken: TakenStep[] = []
  const zones: ZoneOutcome[] = []
  if (!dryRun)
    for (const domain of input.compromised) {
      taken.push(...(await markCompromised(domain, workshop())))
      session = await input.reopen()
    }
  let leads: readonly Lead[] | undefined
  for (let round = 1; ; round++) {
    const published = await publishKeys({ session, providers, io, parallel, kind: 'dkim', shard }, !dryRun)
    zones.push(...published.zones)
    const first = leads === undefined
    const { dns } = input
    const isOwn = ownPlaces(session, shard)
    leads ??= await lookAtLeads(session, { dns, io, isOwn })
    const exposed = dryRun ? input.compromised : []
    const rings = await look(session, { dns, io, isOwn, leads, compromised: exposed })
    const failures = rings.flatMap(clockFailure)
    if (first && !dryRun && failures.length === 0) await noteLeads(leads, session, { isOwn, signal: io.signal })
    const before = taken.length
    for (const ring of rings) {
      const { domain, next } = ring
      if (next.steps.length === 0 || io.signal.aborted || published.hasFailed(domain)) continue
      if (dryRun) taken.push(...next.steps.map((step) => ({ domain, ...step, selector: step.selector ?? '' })))
      else
        try {
          taken.push(...(await carryOut(assertAble(ring, input), workshop())))
        } catch (error) {
          failures.push({ domain, ...failureOf(error) })
        }
    }
    if (dryRun || taken.length === before || round >= rounds || io.signal.aborted)
      return { taken, rings, zones, manual: published.plan.manual, zoneFailures: published.failures, failures }
    session = await input.reopen()
  }
}

/** The rings of a spec, as every server shows them now. */
export async function look(
  session: Session,
  {
    dns,
    io,
    isOwn = () => true,
    compromised: exposed = [],
    leads,
  }: Pick<RotationInput, 'dns' | 'io'> & {
    /** Whether the keys below a name are looked at; all without it. */
    readonly isOwn?: (place: Name) => boolean
    readonly compromised?: readonly Name[]
    /** Without them they are looked at too. */
    readonly leads?: readonly Lead[]
  },
): Promise<Ring[]> {
  const places = ownKeyPlaces(session, isOwn)
  const ttls = new Map(session.spec.domains.map(({ name, ttl }) => [name, ttl.dkim]))
  const now = io.now()
  const keys = session.keys.filter(({ domain }) => places.has(domain))
  const keysOf = groupBy(keys, ({ domain }) => domain)
  const sights = await observeKeys(
    keys.filter((key) => {
      const place = places.get(key.domain)
      return place !== undefined && isWatched(key, place, keysOf.get(key.domain) ?? [])
    }),
    {
      client: dns.client,
      find: zoneServers(session.spec, dns),
      ttlOf: (domain) => ttls.get(domain) ?? session.spec.ttl,
      signal: io.signal,
    },
  )
  const asMarked = exposed.flatMap(
    (domain) =>
      compromised(
        keys.filter((key) => key.domain === domain),
        now,
      ).keys,
  )
  const others = keys.filter(({ domain }) => !exposed.includes(domain))
  const led = groupBy(leads ?? (await lookAtLeads(session, { dns, io, isOwn })), ({ zone }) => zone)
  return ringsOf([...others, ...asMarked], places, sights, now)
    .filter(({ domain }) => isOwn(domain))
    .map((ring) => ({ ...ring, leads: led.get(ring.domain) ?? [] }))
}

/** A step that is taken too early cannot be taken back: what the clock says decides only where the index does not say that it is later. */
function clockFailure({ domain, next }: Ring): (Failure & { readonly domain: Name })[] {
  const clock = next.waits.find(({ reason }) => reason === 'clock')
  if (clock?.until === undefined) return []
  const index = `keys/${displayName(domain)}/public.json`
  const error = new MailsyncError(
    'guard',
    `the clock of this machine is behind: ${index} tells of something at ${shownInstant(clock.until)}`,
    { hint: `set the clock; if it is right, restore ${index} from git` },
  )
  return [{ domain, ...failureOf(error) }]
}

function assertAble(ring: Ring, { unable }: RotationInput): Ring {
  const why = ring.next.steps.some(({ kind }) => kind === 'create') ? unable?.(ring) : undefined
  if (why === undefined) return ring
  throw new MailsyncError('guard', why, { hint: 'list who can open it under dkim.recipients or keys.recipients' })
}
