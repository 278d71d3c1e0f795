import { randomBytes } from 'node:crypto'
import type { Question } from '../../../providers/dns/client/answer.js'
import type { DnsClient } from '../../../providers/dns/client/client.js'
import { outcomeAt, type ZoneServer } from '../../../providers/dns/client/observe-zone.js'
import { isSynthesized, type Outcome, siblingPlace } from '../../../providers/dns/client/outcome.js'
import { isLeftOut } from '../../../providers/foreign.js'
import { MailsyncError } from '../../../records/error.js'
import { groupBy } from '../../../records/group.js'
import { manifestName } from '../../../records/manifest.js'
import { joinName, type Name } from '../../../records/rr/name.js'
import { type AnyRRset, isKnown, keyOf, type RRset } from '../../../records/rr/rrset.js'
import { type Zone, zoneWith } from '../../../records/rr/zone.js'
import { manifestsIn } from '../../plan/zones/read-zone.js'
import type { ZoneTask } from '../../plan/zones/task.js'
import { spreadManifest } from './spread-manifest.js'
import { placesOf, questionsFor } from './zone-questions.js'

/** Whom to ask about a zone, and what is remembered of it elsewhere. */
export interface AskedZone {
  readonly client: DnsClient
  readonly server: ZoneServer
  /** Manifests that are kept beside the spec. */
  readonly remembered: readonly RRset[]
  readonly signal: AbortSignal
}

type Ask = (question: Question) => Promise<Outcome>

/**
 * A zone as one of its servers shows it, at the places that concern the spec and what is remembered of it. Throws `unavailable` where the
 * server leaves a question without an answer, where not all that is remembered can be seen, or where a wildcard may have answered:
 * that looks like a record of the name itself (RFC 4592).
 */
export async function askZone(task: ZoneTask, { client, server, remembered, signal }: AskedZone): Promise<Zone> {
  const ask: Ask = async (question) => {
    const reply = await outcomeAt(client, server, question, task.zone, signal)
    if ('outcome' in reply) return reply.outcome
    const message = `${reply.fault.message} (asked for ${keyOf(question)})`
    throw new MailsyncError('unavailable', message, { where: { zone: task.zone } })
  }
  const places = placesOf(task, remembered)
  const first = await askAll(questionsFor(places, task), ask)
  const usual = first.find(({ question }) => question.name === manifestName(task.zone))?.outcome
  const held = usual?.kind === 'rrset' ? [usual.rrset] : []
  const heldThere = manifestsIn(task.zone, held)
  const spread = isRememberedThere(task, usual, heldThere) ? [] : await spreadParts(task, ask)
  const manifests = spread.length === 0 ? heldThere : manifestsIn(task.zone, [...held, ...spread])
  const asked = new Set(places.map(keyOf))
  const more = [...manifests.values()].flat().filter((slot) => !asked.has(keyOf(slot)))
  const rest = more.length === 0 ? [] : await askAll(questionsFor(more, task), ask)
  const all = [...first, ...rest]
  await refuseWildcards(all, task.zone, ask)
  const beside = [...spread, ...remembered]
  return zoneWith(task.zone, [...rrsetsIn(all), ...beside], [...places, ...more, ...beside.filter(isKnown)])
}

interface Answered {
  readonly question: Question
  readonly outcome: Outcome
}

function askAll(questions: readonly Question[], ask: Ask): Promise<Answered[]> {
  return Promise.all(questions.map(async (question) => ({ question, outcome: await ask(question) })))
}

/** What stands there, each once: a CNAME comes in answer to more than one question. */
function rrsetsIn(answered: readonly Answered[]): AnyRRset[] {
  const found = new Map<string, AnyRRset>()
  for (const { outcome } of answered)
    if ('rrset' in outcome && !isLeftOut(outcome.rrset.type)) found.set(keyOf(outcome.rrset), outcome.rrset)
  return [...found.values()]
}

/** Nothing of ours is remembered below the usual name where all of it stands there, or where nothing is there nor below (RFC 8020). */
function isRememberedThere(
  { owner, connected }: ZoneTask,
  usual: Outcome | undefined,
  manifests: ReturnType<typeof manifestsIn>,
): boolean {
  if (owner === false || connected.memory || usual?.kind === 'nxdomain') return true
  return (manifests.get(owner) ?? []).length > 0
}

async function spreadParts({ zone, owner }: ZoneTask, ask: Ask): Promise<AnyRRset[]> {
  const parts = await spreadManifest(zone, owner as string, async (name) => {
    const outcome = await ask({ name, type: 'TXT' })
    return outcome.kind === 'rrset' ? outcome.rrset : undefined
  })
  if (parts.length > 0) return parts
  const message = `what is ours may be remembered below ${manifestName(zone)}, at names that DNS does not list`
  throw new MailsyncError('unavailable', message, { where: { zone } })
}

/** Nobody can have made this name. */
const NEVER_MADE = `mailsync-${randomBytes(5).toString('hex')}`

/** Below each name whose children have records, a name that is not there is asked for too: where it has the same ones, a wildcard made them. */
async function refuseWildcards(answered: readonly Answered[], zone: Name, ask: Ask): Promise<void> {
  const there = answered.flatMap(({ question, outcome }) => {
    const place = 'synthesized' in outcome ? siblingPlace(question.name, zone) : undefined
    return place === undefined ? [] : [{ question, outcome, place }]
  })
  const below = [...groupBy(there, ({ place }) => place)].map(async ([place, here]) => {
    const probe = (type: string): Promise<Outcome> => ask({ name: joinName(NEVER_MADE, place), type })
    const types = new Set(here.map(({ question }) => question.type))
    const [type = 'TXT', ...others] = types
    const sibling = await probe(type)
    // That the name does not exist says that no wildcard of any type answers there.
    if (sibling.kind === 'nxdomain') return
    const siblings = new Map<string, Outcome>([[type, sibling]])
    for (const other of others) siblings.set(other, await probe(other))
    const made = here.find(({ question, outcome }) => isSynthesized(outcome, siblings.get(question.type) ?? sibling))
    if (made)
      throw new MailsyncError('unavailable', `a wildcard may be what answers ${keyOf(made.question)}`, {
        where: { zone },
      })
  })
  await Promise.all(below)
}
