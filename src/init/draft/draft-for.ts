import type { Provider } from '../../../providers/provider.js'
import { displayName, type Name } from '../../../records/rr/name.js'
import type { DomainDraft, Draft } from '../../import/draft/draft.js'
import { draftSpec } from '../../import/draft/draft-config.js'
import { Holdings } from '../../import/holdings/holdings.js'
import { type RefinedDraft, refineDraft } from '../../import/refine-draft.js'
import type { Gathered } from '../../import/source/gather.js'
import type { ProviderDraft } from '../../import/source/source.js'
import type { DnsView } from '../dns-view.js'
import type { ProviderLines } from '../provider-lines.js'
import type { Wished } from './wished-draft.js'

interface Rest {
  readonly provider: ProviderLines
  /** As the spec names the JSON Schema. */
  readonly schema: string
  /** `YYYY-MM-DD`. */
  readonly today: string
  readonly signal: AbortSignal
}

/** What DNS holds, as a draft that other wishes are put into. */
export interface Base {
  readonly draft: Draft
  refine(wished: Wished, rest: Rest): Promise<RefinedDraft>
}

const UNKNOWN: ProviderDraft = { name: '', class: '', options: {}, remarks: [] }

/**
 * What DNS holds of a domain, as a draft; an empty one where DNS was not looked at.
 *
 * @param zone where it is told; else the one DNS shows, or the domain itself
 */
export function draftFor(domain: Name, view: DnsView | undefined, zone: Name | undefined): Base {
  const gathered = view?.gathered ?? empty(zone ?? domain)
  const draft = view ? draftSpec([domain], gathered, UNKNOWN) : emptyDraft(domain)
  const refine: Base['refine'] = (
    { draft, isWanted },
    { provider: { draft: provider, plugin }, schema, today, signal },
  ) => {
    const connected = [{ name: provider.name, plugin, provider: NOBODY }]
    const head = [
      `Made by \`mailsync init\` on ${today}${view ? ', from what DNS shows and what was answered' : ''}.`,
      PROMISE,
    ]
    const about = { schema, head, tail: () => (view ? [] : [assumed(zone ?? domain)]) }
    return refineDraft(draft, gathered, { connected, today, signal }, about, isWanted)
  }
  return { draft, refine }
}

const PROMISE =
  '`mailsync plan` shows what it means for DNS as it is, and writes nothing; `mailsync apply` asks, and then writes. Records that this file does not name stay as they are. README says what else can stand here.'

function assumed(zone: Name): string {
  return `DNS was not looked at: ${displayName(zone)} is taken for the zone, and what is there already is seen by \`mailsync plan\`.`
}

function empty(zone: Name): Gathered {
  return { holdings: new Holdings(new Map([[zone, []]])), own: new Set([zone]), managed: new Map() }
}

function emptyDraft(name: Name): Draft {
  const domain: DomainDraft = {
    name,
    parked: false,
    mx: undefined,
    spf: false,
    dkimOff: false,
    keys: [],
    relays: [],
    keysRevoked: false,
    dmarc: false,
    remarks: [],
  }
  return { provider: UNKNOWN, owner: undefined, ttl: 3600, hosts: new Map(), domains: new Map([[name, domain]]) }
}

/** In a trial no provider is called. */
const NOBODY: Provider = {
  zones: async () => [],
  read: async () => [],
  write: async () => ({ applied: [] }),
}
