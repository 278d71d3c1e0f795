import { includeFor, needsNothing } from '../../../records/relays/known-by.js'
import type { Relay } from '../../../records/relays/relay.js'
import { type Name, parseName } from '../../../records/rr/name.js'
import type { DomainDraft } from '../../import/draft/draft.js'
import { relayDraft } from '../../import/draft/draft-relays.js'
import { remark } from '../../import/draft/remark.js'
import { snippet } from '../../render/text/relays-text.js'
import type { Answers } from '../answers.js'
import type { Senders } from '../told.js'
import type { Part } from './part.js'

/** The relays that were told, besides those that DNS shows: by their names, or with what is still to be told of them in a remark. */
export function wishedRelays(domain: DomainDraft, { sends }: Answers): Part | undefined {
  const told = sends === 'as-is' ? [] : added(domain, sends)
  if (told.length === 0) return undefined
  const named = told.filter(needsNothing)
  const about = told
    .filter((relay) => !needsNothing(relay))
    .map((relay) =>
      remark(
        'relays',
        `${relay.title} has DKIM keys and names for this domain: \`mailsync relays ${relay.name}\` says where they are found. Then write here:`,
        snippet(relay),
      ),
    )
  return {
    about: 'relays',
    relays: [...domain.relays, ...named.map((relay) => relayDraft(relay, {}, false, domain.mx))],
    remarks: [...domain.remarks.filter(({ key }) => key === 'relays'), ...about],
  }
}

/** What is included for relays of which something is still to be told. */
export function includesOf(domain: DomainDraft, sends: Senders): Name[] {
  const includes = added(domain, sends).flatMap((relay) => (needsNothing(relay) ? [] : (includeFor(relay) ?? [])))
  return includes.map(parseName).filter((name) => typeof name === 'string')
}

function added({ relays }: DomainDraft, sends: Senders): Relay[] {
  return sends.relays.filter((relay) => !relays.some(({ name }) => name === relay.name))
}
