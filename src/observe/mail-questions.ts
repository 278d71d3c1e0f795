import type { Question } from '../../providers/dns/client/answer.js'
import { SERVICE_NAMES } from '../../records/families/clients/services.js'
import { manifestName } from '../../records/manifest.js'
import { usualNames } from '../../records/relays/usual-names.js'
import { joinName, type Name } from '../../records/rr/name.js'

/** DKIM selectors that signers use where nobody chose another. */
const OF_SIGNERS = [
  'default',
  'dkim',
  'dkim1',
  'dkim2',
  'dkim3',
  's3',
  'sel1',
  'sel2',
  'x',
  'dk',
  'm1',
  'm2',
  'ed25519',
  'rsa',
  '20230601',
  'mta',
  'api',
]
/** Of services that the catalogue of relays has not: Zoho once, mesmtp of fmhosted, Postmark and SparkPost of old, HubSpot, Zendesk, Klaviyo, Elastic Email and others. */
const OF_OTHERS = [
  'zoho',
  'mesmtp',
  'mandrill',
  'pm',
  'scph0123',
  'hs1',
  'hs2',
  'zendesk1',
  'zendesk2',
  'kl',
  'kl2',
  'everlytickey1',
  'everlytickey2',
  'litesrv',
  'turbo-smtp',
]
const SELECTORS = [...new Set([...OF_SIGNERS, ...usualNames.selectors, ...OF_OTHERS])]

/** Months back from today in which a selector named after its month was made. */
const MONTHS = 24

/** The selectors worth asking for: those of services, and those that name a month, newest first. */
export interface Selectors {
  readonly common: readonly string[]
  readonly monthly: readonly string[]
}

/** @param today `YYYY-MM-DD` */
export function guessedSelectors(today: string): Selectors {
  const [year = 0, month = 1] = today.split('-').map(Number)
  const months = Array.from({ length: MONTHS }, (_, back) => {
    const index = year * 12 + month - 1 - back
    return `${Math.floor(index / 12)}${String((index % 12) + 1).padStart(2, '0')}`
  })
  return { common: SELECTORS, monthly: months.flatMap((text) => [text, `s${text}`, `s${text}e`, `dkim${text}`]) }
}

type Asked = readonly (readonly [prefix: string, ...types: string[]])[]

const MAIL: Asked = [
  ['_dmarc', 'TXT'],
  ['_domainkey', 'TXT'],
  ['*._domainkey', 'TXT'],
]

/** What stands beside mail. */
const BESIDE_MAIL: Asked = [
  ['_smtp._tls', 'TXT'],
  ['_mta-sts', 'TXT'],
  ['mta-sts', 'A', 'AAAA'],
  ['autoconfig', 'A', 'AAAA'],
  ['autodiscover', 'A', 'AAAA'],
  ['_autodiscover._tcp', 'SRV'],
  ...SERVICE_NAMES.map((service) => [`_${service}._tcp`, 'SRV'] as const),
  ['ua-auto-config', 'CNAME'],
  ['_ua-auto-config', 'TXT'],
  ['default._bimi', 'TXT'],
  ...usualNames.names.map(({ label, types }) => [label, ...types] as const),
]

/** What a mail domain itself says; a CNAME at any of the names shows as well. */
export function domainQuestions(domain: Name): Question[] {
  return [...['MX', 'TXT', 'A', 'AAAA', 'CAA'].map((type) => ({ name: domain, type })), ...below(domain, MAIL)]
}

/** What may be there besides, and mostly is not. */
export function guesses(domain: Name, { common, monthly }: Selectors): Question[] {
  const keys: Asked = [...common, ...monthly].map((selector) => [`${selector}._domainkey`, 'TXT'])
  return below(domain, [...BESIDE_MAIL, ...keys])
}

function below(domain: Name, asked: Asked): Question[] {
  return asked.flatMap(([prefix, ...types]) => types.map((type) => ({ name: joinName(prefix, domain), type })))
}

/** What to ask about a zone, whatever domains are in it: who answers for it, what answers for names that are not there, and who writes to it. */
export function zoneQuestions(zone: Name): Question[] {
  return [
    { name: zone, type: 'NS' },
    ...['MX', 'TXT', 'A'].map((type) => ({ name: joinName('*', zone), type })),
    { name: joinName('_dmarc', zone), type: 'TXT' },
    { name: manifestName(zone), type: 'TXT' },
  ]
}

/** What to ask about a host: its addresses, its SPF, and what a CNAME in their place says. */
export function hostQuestions(host: Name): Question[] {
  return [
    ...['A', 'AAAA', 'TXT', 'MX', 'CAA'].map((type) => ({ name: host, type })),
    { name: joinName('_25._tcp', host), type: 'TLSA' },
  ]
}
