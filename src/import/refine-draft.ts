import { MailsyncError } from '../../records/error.js'
import { type Name, parseName } from '../../records/rr/name.js'
import { withTtls } from './draft/choose-ttl.js'
import type { Draft } from './draft/draft.js'
import { declaredZones } from './draft/draft-config.js'
import { dropPart } from './draft/drop-part.js'
import { remark } from './draft/remark.js'
import type { Gathered } from './source/gather.js'
import { type Adoption, type Objection, type Trial, type TrialInput, tryText } from './trial.js'
import { type Around, writeSpec } from './write/write-config.js'

/** A spec of which `plan` says no change but adoptions. */
export interface RefinedDraft {
  readonly text: string
  readonly draft: Draft
  readonly zones: readonly Name[]
  readonly adoptions: readonly Adoption[]
  /** How many records are there already as the spec wants them. */
  readonly claimed: number
  /** The changes that are wanted. */
  readonly changes: readonly Objection[]
}

/**
 * Tries a draft by planning with it on what was read, and drops each part that would change anything or is refused, until
 * nothing is left to object to. Throws `guard` where a spec that already writes into the zones says more than the draft.
 *
 * @param isWanted whether a change is one that the draft is to bring about
 */
export async function refineDraft(
  first: Draft,
  gathered: Gathered,
  input: Omit<TrialInput, 'zones'>,
  around: Around,
  isWanted: (change: Objection) => boolean = () => false,
): Promise<RefinedDraft> {
  const { zones: held } = gathered.holdings
  const textOf = (draft: Draft, more: Partial<Around> = {}): string =>
    writeSpec(draft, declaredZones(draft, gathered), { ...around, ...more })
  const attempt = (draft: Draft): Promise<Trial> => tryText(textOf(draft), { ...input, zones: held })
  for (let draft = first; ; ) {
    const { compiled } = await attempt(draft)
    const timed = withTtls(draft, compiled, gathered.holdings)
    const trial = await attempt(timed)
    const objections = [...trial.objections.filter((objection) => !isWanted(objection)), ...otherTtls(trial)]
    const next = dropParts(timed, objections)
    if (next !== timed) {
      draft = next
      continue
    }
    if (trial.losses.length > 0) throw alreadyManaged(timed, trial.losses)
    const tail = objections.map(({ reason }) => `\`plan\` will say: ${reason}.`)
    const told = trial.adoptions.reduce(withAdoption, timed)
    const text = textOf(told, { tail: (last) => [...tail, ...around.tail(last)] })
    const { adoptions, claimed } = trial
    const changes = trial.objections.filter(isWanted)
    return { text, draft: told, zones: declaredZones(told, gathered), adoptions, claimed, changes }
  }
}

/** A relay's records have one TTL: where theirs differ, they stay as they are written. */
function otherTtls({ adoptions }: Trial): Objection[] {
  return adoptions.flatMap(({ path, record, ttl }) =>
    path[2] === 'relays' && ttl
      ? [{ kind: 'change' as const, path, reason: `the TTL of ${record} is ${ttl.before}, and would be ${ttl.after}` }]
      : [],
  )
}

function dropParts(draft: Draft, objections: Trial['objections']): Draft {
  const met = new Set<string>()
  return objections.reduce((less, { path, reason }) => {
    const key = JSON.stringify(path)
    if (met.has(key)) return less
    met.add(key)
    return dropPart(less, path, reason) ?? less
  }, draft)
}

function alreadyManaged({ owner }: Draft, losses: readonly string[]): MailsyncError {
  return new MailsyncError(
    'guard',
    `a spec of mailsync already writes here (owner ${owner}), and the imported one would delete what it wrote besides: ${losses.join(', ')}`,
    {
      hint: 'add to that spec; or remove the TXT records at _mailsync in the zones, then nothing here belongs to any spec',
    },
  )
}

function withAdoption(draft: Draft, { path: [section, text], purpose, record, values, ttl }: Adoption): Draft {
  const name = parseName(String(text)) as Name
  const longer = ttl && remark('ttl', `Adopted: the TTL of ${record} is ${ttl.before}, and becomes ${ttl.after}.`)
  const host = section === 'hosts' ? draft.hosts.get(name) : undefined
  if (host) {
    const same = values && remark('helo_spf', SAME_MEANING, [...values.before, ...values.after])
    const remarks = [...host.remarks, ...[same ?? [], longer ?? []].flat()]
    return { ...draft, hosts: new Map(draft.hosts).set(name, { ...host, remarks }) }
  }
  const domain = draft.domains.get(name)
  if (!domain) return draft
  const key = purpose === 'spf' || purpose === 'dkim' ? purpose : 'dmarc'
  const same = values && remark(key, SAME_MEANING, [...values.before, ...values.after])
  const remarks = [...domain.remarks, ...[same ?? [], longer ?? []].flat()]
  return { ...draft, domains: new Map(draft.domains).set(name, { ...domain, remarks }) }
}

const SAME_MEANING = 'Adopted: the first of these becomes the second, which means the same today.'
