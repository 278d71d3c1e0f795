import { networkInterfaces } from 'node:os'
import { isSpfValue } from '../../records/families/spf/read-spf.js'
import { relayNames, relays } from '../../records/relays/index.js'
import { type Address, parseAddress, scopeOf } from '../../records/rr/address.js'
import { displayName, type Name, parseHostname } from '../../records/rr/name.js'
import type { Mx } from '../../records/rr/rdata.js'
import type { Draft } from '../import/draft/draft.js'
import type { Problem } from '../problem.js'
import type { Answers } from './answers.js'
import type { DnsView } from './dns-view.js'
import type { Choice, Questions } from './questions.js'
import { missing, RECEIVERS, type Receiver, readRelay, type Senders, sendersOf, type Told } from './told.js'

/** What there is to complete what was told with. */
export interface Known {
  readonly domain: Name
  /** What DNS holds, as a draft. */
  readonly base: Draft
  readonly view: DnsView | undefined
  /** Undefined where nobody can answer. */
  readonly questions: Questions | undefined
}

/** The whole of what is wanted: as it was told, else as DNS has it or as is answered. What is still missing is in the problems. */
export async function completeAnswers(told: Told, known: Known): Promise<Answers | { problems: Problem[] }> {
  const problems: Problem[] = []
  const receiver = told.receives ?? (told.mx.length > 0 ? 'elsewhere' : await askReceiver(known, problems))
  const sends = told.sends ?? (await askSenders(known, problems))
  const isHere = receiver === 'here' || (typeof sends === 'object' && sends.here)
  const host = isHere ? await completeHost(told, known, problems) : undefined
  const receives = receiver && (await mxOf(receiver, host?.name, told.mx, known, problems))
  if (problems.length > 0 || receives === undefined || sends === undefined) return { problems }
  return { receives, sends, ...(host && { host }) }
}

const RECEIVER_LABELS: Readonly<Record<Receiver, string>> = {
  here: 'a machine of mine',
  google: 'Google Workspace',
  microsoft: 'Microsoft 365',
  elsewhere: 'other servers, whose names I know',
  nothing: 'nothing',
}

async function askReceiver(known: Known, problems: Problem[]): Promise<Receiver | 'as-is' | undefined> {
  const { domain, view, questions } = known
  const mx = heldMx(known)
  const isSet = view?.gathered.holdings.get(domain, 'MX') !== undefined
  if (questions) {
    const asIs: Choice<'as-is'>[] = isSet
      ? [
          {
            value: 'as-is',
            label: `as DNS has it${mx ? `: ${mx.map(({ exchange }) => displayName(exchange)).join(', ')}` : ''}`,
          },
        ]
      : []
    const others = RECEIVERS.map((value): Choice<Receiver> => ({ value, label: RECEIVER_LABELS[value] }))
    return questions.choose<Receiver | 'as-is'>(`What receives mail for ${displayName(domain)}?`, [...asIs, ...others])
  }
  if (isSet) return 'as-is'
  const seen = view ? ', and DNS has no MX' : ''
  problems.push(
    missing(
      `what receives mail for ${displayName(domain)} is missing${seen}`,
      `--receives ${RECEIVERS.join('|')}, or --mx HOST`,
    ),
  )
  return undefined
}

async function askSenders(known: Known, problems: Problem[]): Promise<Senders | 'as-is' | undefined> {
  const { domain, view, questions } = known
  const isSet = view?.gathered.holdings.texts(domain).some(isSpfValue)
  const about = `What sends mail from ${displayName(domain)}?`
  if (!questions) {
    if (isSet) return 'as-is'
    const seen = view ? ', and DNS has no SPF' : ''
    problems.push(
      missing(
        `what sends mail from ${displayName(domain)} is missing${seen}`,
        `--sends here|nothing|RELAY (repeatable); RELAY is ${relayNames.join(', ')}, or the domain whose SPF is included`,
      ),
    )
    return undefined
  }
  if (isSet) {
    const same = await questions.choose(about, [
      { value: 'as-is', label: 'what the SPF in DNS says' },
      { value: 'other', label: 'something else, or more' },
    ])
    if (same === 'as-is') return same
  }
  const chosen = await questions.chooseSeveral<string>(`${about} (none: nothing sends)`, [
    { value: 'here', label: 'a machine of mine, to the world itself' },
    ...relays.map(({ name, title }) => ({ value: name, label: `through ${title}` })),
    { value: OTHER, label: 'another service' },
  ])
  const named = chosen.filter((value) => value !== 'here' && value !== OTHER)
  if (chosen.includes(OTHER))
    named.push(await questions.text('The domain whose SPF it wants included', '', (text) => errorOf(readRelay(text))))
  const read = named.map(readRelay).flatMap((one) => (typeof one === 'object' && 'error' in one ? [] : [one]))
  return { here: chosen.includes('here'), ...sendersOf(read) }
}

const OTHER = 'other'

/** The machine of one's own: as it was told, else the one the MX in DNS leads to, else `mail` in the domain. */
async function completeHost(
  told: Told,
  known: Known,
  problems: Problem[],
): Promise<NonNullable<Answers['host']> | undefined> {
  const { domain, base, view, questions } = known
  const receiver = (heldMx(known) ?? []).find(({ exchange }) => base.hosts.has(exchange))?.exchange
  const likely = receiver ?? (`mail.${domain}` as Name)
  const name =
    told.host ??
    (questions ? await askName(questions, 'The name of your machine, as it says it in HELO', likely) : likely)
  if (told.addresses.length > 0) return { name, addresses: told.addresses }
  const found = view?.gathered.holdings.addressesAt(name)
  const held = base.hosts.get(name)?.addresses ?? (found && 'addresses' in found ? found.addresses : [])
  if (questions)
    return { name, addresses: await askAddresses(questions, name, held.length > 0 ? held : ownAddresses()) }
  if (held.length > 0) return { name, addresses: held }
  problems.push(
    missing(
      `the addresses of ${displayName(name)} are missing`,
      '--address ADDRESS (repeatable), with --host NAME where it has another name',
    ),
  )
  return undefined
}

async function askName(questions: Questions, question: string, likely: Name): Promise<Name> {
  const text = await questions.text(question, displayName(likely), (given) => errorOf(parseHostname(given)))
  return parseHostname(text) as Name
}

async function askAddresses(questions: Questions, name: Name, likely: readonly Address[]): Promise<Address[]> {
  const words = (text: string): string[] => text.split(/[\s,]+/).filter((word) => word !== '')
  const text = await questions.text(
    `The addresses of ${displayName(name)} that the Internet sees`,
    likely.join(', '),
    (given) =>
      words(given).length === 0
        ? 'an address is missing'
        : words(given)
            .map(parseAddress)
            .map(errorOf)
            .find((error) => error !== undefined),
  )
  return words(text).map((word) => parseAddress(word) as Address)
}

/** Those of this machine that the Internet sees. */
function ownAddresses(): Address[] {
  const all = Object.values(networkInterfaces()).flatMap((found) => found ?? [])
  return all
    .map(({ address }) => parseAddress(address))
    .filter((address) => typeof address === 'string')
    .filter((address) => scopeOf(address) === 'public')
}

async function mxOf(
  receiver: Receiver | 'as-is',
  host: Name | undefined,
  told: readonly Name[],
  known: Known,
  problems: Problem[],
): Promise<Answers['receives'] | undefined> {
  if (receiver === 'as-is' || receiver === 'nothing') return receiver
  if (receiver === 'here') return host && [{ preference: 10, exchange: host }]
  if (told.length > 0) return told.map((exchange, index) => ({ preference: (index + 1) * 10, exchange }))
  const held = heldMx(known)
  const isOf = (pattern: RegExp): boolean => held?.every(({ exchange }) => pattern.test(exchange)) ?? false
  if (receiver === 'google')
    return isOf(/\.(google|googlemail)\.com\.$/) ? 'as-is' : [{ preference: 1, exchange: 'smtp.google.com.' as Name }]
  if (receiver === 'elsewhere' ? held !== undefined : isOf(/\.(mail\.protection\.outlook\.com|mx\.microsoft)\.$/))
    return 'as-is'
  const { domain, questions } = known
  const which =
    receiver === 'microsoft'
      ? 'the server that Microsoft 365 has for your tenant, from its admin center'
      : 'the servers'
  if (questions) return [{ preference: 10, exchange: await askName(questions, `The MX: ${which}`, domain) }]
  problems.push(
    missing(`the servers that receive mail for ${displayName(domain)} are missing`, `--mx HOST (repeatable): ${which}`),
  )
  return undefined
}

/** The MX that DNS has, where a spec can say them and they lead anywhere. */
function heldMx({ domain, base }: Known): readonly Mx[] | undefined {
  const draft = base.domains.get(domain)
  const mx = draft?.mx ?? draft?.relays.find(({ literal }) => literal?.mx !== undefined)?.literal?.mx
  return Array.isArray(mx) ? (mx as readonly Mx[]) : undefined
}

function errorOf(read: string | object): string | undefined {
  return typeof read === 'object' && 'error' in read ? String(read.error) : undefined
}
