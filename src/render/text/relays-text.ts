import type { KeyTemplate, NameTemplate, Relay, RelayInput } from '../../../records/relays/relay.js'
import { relayRecords } from '../../../records/relays/relay-records.js'
import { paint } from './paint.js'

/** What has to be told for a domain to use a relay as most do. */
export function mustTell(relay: Relay): readonly string[] {
  return relayRecords(relay, { told: {}, domain: '', receives: relay.mx?.usual === true }).missing
}

/** Whether a relay takes in mail: for every domain that has no other servers, or only where that is told. */
export function receives({ mx }: Relay): 'yes' | 'if told' | 'no' {
  return mx === undefined ? 'no' : mx.usual ? 'yes' : 'if told'
}

/** A line a relay, under a head. */
export function renderRelays(relays: readonly Relay[], colour: boolean): string {
  const rows = relays.map((relay) => [
    relay.name,
    relay.title,
    receives(relay),
    mustTell(relay).join(', ') || 'nothing',
  ])
  const head = ['name', 'what it is', 'receives', 'to tell']
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [
    paint(line(head), 'bold', colour),
    ...rows.map(line),
    '',
    'All of them send. `mailsync relays NAME` has the rest: where what is to be told is found, the records, and lines for the spec.',
    '',
  ].join('\n')
}

/** All there is to say about one. */
export function renderRelay(relay: Relay, colour: boolean): string {
  const { name, title, about, inputs, documentation, asOf, seenInZones, notes } = relay
  const part = (heading: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', paint(heading, 'bold', colour), ...lines.map((text) => `  ${text}`)]
  const from = seenInZones === undefined ? [] : [`Not in these pages but seen in public zones: ${seenInZones}.`]
  return [
    `${paint(name, 'bold', colour)}  ${title}: ${about}`,
    ...part(
      'To tell',
      Object.entries(inputs).flatMap(([key, input]) => aboutInput(key, input, mustTell(relay))),
    ),
    ...part('Records, for the domain example.com', recordsOf(relay)),
    ...part('To know', notes),
    ...part('In the spec', snippet(relay)),
    ...part(`Its documentation, which is what counts (this is as known on ${asOf})`, [...documentation, ...from]),
    '',
  ].join('\n')
}

function aboutInput(
  key: string,
  { what, where, looksLike, example, count, default: fallback }: RelayInput,
  needed: readonly string[],
): string[] {
  const must = needed.includes(key) ? '' : fallback === undefined ? ' (may be left out)' : ` (default: ${fallback})`
  const many = count === undefined ? '' : `, ${count} of them`
  return [`${key}${must}  ${what}${many}: ${looksLike}, such as ${example}`, `  in: ${where}`]
}

/** What it writes, with the inputs in angle brackets. */
function recordsOf(relay: Relay): string[] {
  const shown = (text: string): string => text.replaceAll('{domain}', 'example.com').replaceAll(/\{(\w+)\}/g, '<$1>')
  const at = (label: string): string => `${shown(label)}.example.com.`
  const name = (text: string): string => `${shown(text)}.`
  const key = (one: KeyTemplate): string =>
    `${at(`${one.selector}._domainkey`)}  ${'cname' in one ? `CNAME  ${name(one.cname)}` : `TXT  ${shown(one.txt)}`}`
  const below = (one: NameTemplate): string[] =>
    'cname' in one
      ? [`${at(one.label)}  CNAME  ${name(one.cname)}`]
      : [
          ...one.mx.map(({ preference, exchange }) => `${at(one.label)}  MX  ${preference} ${name(exchange)}`),
          `${at(one.label)}  TXT  v=spf1 include:${shown(one.spf)} ~all`,
        ]
  const ways = relay.dkim.map((keys) => keys.map(key))
  return [
    ...(relay.spf === undefined ? [] : [`example.com.  TXT  include:${shown(relay.spf)} in its SPF`]),
    ...ways.flatMap((lines, index) => (index === 0 ? lines : ['or', ...lines])),
    ...relay.names.flatMap(below),
    ...(relay.mx?.servers ?? []).map(
      ({ preference, exchange }) =>
        `example.com.  MX  ${preference} ${name(exchange)}${relay.mx?.usual ? '' : '  (with mx: true)'}`,
    ),
  ]
}

/** Lines for a spec: what must be told in the open, the rest as comments. */
export function snippet(relay: Relay): string[] {
  const needed = mustTell(relay)
  const inputs = Object.entries(relay.inputs)
  if (inputs.length === 0) return [`relays: [${relay.name}]`]
  const lines = inputs.map(([key, input]) => `${needed.includes(key) ? '' : '# '}${key}: ${exampleOf(input)}`)
  const head = needed.length === 0 ? `${relay.name}: {}   # or with` : `${relay.name}:`
  return ['relays:', `  ${head}`, ...lines.map((line) => `    ${line}`)]
}

function exampleOf({ example, count, form }: RelayInput): string {
  if (count === undefined) return form === 'key' ? JSON.stringify(example) : example
  return `[${Array.from({ length: count }, (_, index) => `${example.slice(0, -1)}${index + 1}`).join(', ')}]`
}
