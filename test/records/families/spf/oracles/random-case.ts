import fc from 'fast-check'

/** Records of one name, as both oracles and ours are given them. */
export interface Held {
  readonly failure?: true
  readonly A?: readonly string[]
  readonly AAAA?: readonly string[]
  readonly MX?: readonly (readonly [number, string])[]
  readonly PTR?: readonly string[]
  readonly TXT?: readonly string[]
}

export interface Case {
  readonly zones: Readonly<Record<string, Held>>
  readonly ip: string
  readonly mailFrom: string
  readonly helo: string
}

const IPV4 = ['192.0.2.1', '192.0.2.2', '192.0.2.130', '198.51.100.1']
const IPV6 = ['2001:db8::1', '2001:db8::2', '2001:db8:8000::1']
const DOMAINS = [
  'example.com',
  '_spf.example.com',
  'a.example.net',
  'b.example.net',
  'mail.example.org',
  'joe.example.org',
]
const HOSTS = [
  'mail.example.org',
  'host.example.net',
  'example.com',
  'joe.list.example',
  'com.example.org',
  'nothing.example',
]
const MACROS = [
  '%{d}',
  '%{o}',
  '%{l}.list.example',
  '%{h}',
  '%{dr}.example.org',
  '%{d1r}.list.example',
  '%{l1-}.example.org',
  '%{ir}.%{v}.arpa',
  '%{p}',
]

const qualifier = fc.constantFrom('', '', '', '+', '-', '~', '?')
const target = fc.constantFrom(...DOMAINS, ...HOSTS, ...MACROS)
const lengths = fc.constantFrom('', '', '', '/24', '/25', '//64', '/24//33', '/0', '//0')
const network = fc.oneof(
  fc
    .constantFrom(...IPV4)
    .chain((ip) => fc.constantFrom('', '/32', '/24', '/25', '/0').map((bits) => `ip4:${ip}${bits}`)),
  fc
    .constantFrom(...IPV6)
    .chain((ip) => fc.constantFrom('', '/128', '/33', '/32', '/0').map((bits) => `ip6:${ip}${bits}`)),
)
const hostTerm = fc
  .tuple(fc.constantFrom('a', 'mx'), fc.option(target, { nil: undefined }), lengths)
  .map(([kind, name, bits]) => `${kind}${name === undefined ? '' : `:${name}`}${bits}`)
const mechanism = fc.oneof(
  { weight: 3, arbitrary: network },
  { weight: 3, arbitrary: hostTerm },
  { weight: 3, arbitrary: fc.constantFrom(...DOMAINS, '%{d2}', '%{l}.example.org').map((name) => `include:${name}`) },
  { weight: 1, arbitrary: target.map((name) => `exists:${name}`) },
  { weight: 1, arbitrary: fc.constantFrom('ptr', 'ptr:example.org', 'ptr:example.com') },
)
const directive = fc.tuple(qualifier, mechanism).map(([sign, text]) => `${sign}${text}`)
const tail = fc.oneof(
  fc.constantFrom('-all', '~all', '?all', 'all', '', '-all exp=why.example.org', 'exp=%{l}.why.example.org -all'),
  fc.constantFrom(...DOMAINS).map((name) => `redirect=${name}`),
)
const record = fc
  .tuple(fc.array(directive, { maxLength: 4 }), tail)
  .map(([terms, end]) => ['v=spf1', ...terms, end].filter((term) => term !== '').join(' '))

const texts = fc.oneof(
  { weight: 8, arbitrary: record.map((text) => [text]) },
  { weight: 1, arbitrary: record.map((text) => ['other=text', text]) },
  { weight: 1, arbitrary: fc.tuple(record, record).map((both) => [...both]) },
  { weight: 1, arbitrary: fc.constant([]) },
)
const held = fc.record({
  A: fc.uniqueArray(fc.constantFrom(...IPV4), { maxLength: 2 }),
  AAAA: fc.uniqueArray(fc.constantFrom(...IPV6), { maxLength: 2 }),
  MX: fc
    .uniqueArray(fc.constantFrom(...HOSTS), { maxLength: 2 })
    .map((names) => names.map((name, index) => [10 * index, name] as const)),
  TXT: texts,
})
const failing = fc.constant<Held>({ failure: true })

const REVERSE = [...IPV4.map((ip) => `${ip.split('.').reverse().join('.')}.in-addr.arpa`)]

/** A client, a sender, and zones in which names of a small world point at each other. */
export const randomCase: fc.Arbitrary<Case> = fc
  .record({
    names: fc.tuple(
      ...[...new Set([...DOMAINS, ...HOSTS])]
        .filter((name) => !name.startsWith('nothing'))
        .map((name) =>
          fc
            .oneof({ weight: 12, arbitrary: held }, { weight: 1, arbitrary: failing })
            .map((one) => [name, one] as const),
        ),
    ),
    reverse: fc.tuple(
      ...REVERSE.map((name) =>
        fc
          .uniqueArray(fc.constantFrom(...HOSTS, 'www.example.com'), { maxLength: 3 })
          .map((names): readonly [string, Held] => [name, { PTR: names }]),
      ),
    ),
    why: fc.constantFrom<Held>(
      { TXT: ['%{i} may not send for %{d}'] },
      { TXT: ['%{S} by %{h}'] },
      { TXT: ['one', 'two'] },
      {},
    ),
    ip: fc.constantFrom(...IPV4, ...IPV6),
    mailFrom: fc.constantFrom('joe@example.com', 'a-joe@example.com', '', 'joe@a.example.net'),
    helo: fc.constantFrom('mail.example.org', 'example.com'),
  })
  .map(({ names, reverse, why, ...rest }) => ({
    ...rest,
    zones: Object.fromEntries([...names, ...reverse, ['why.example.org', why], ['joe.why.example.org', why]]),
  }))

/** A record into which mistakes were made: a character more, less or another. */
const mistaken: fc.Arbitrary<string> = fc
  .tuple(
    record,
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        drop: fc.nat(2),
        put: fc.constantFrom(
          '',
          ' ',
          '/',
          ':',
          '.',
          '%',
          '-',
          '0',
          '9',
          'a',
          '=',
          '{',
          '}',
          'all',
          '//',
          '%{d',
          '_',
          ',',
        ),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  )
  .map(([text, edits]) =>
    edits.reduce((changed, { at, drop, put }) => {
      const start = 7 + Math.floor(at * Math.max(changed.length - 7, 0))
      return `${changed.slice(0, start)}${put}${changed.slice(start + drop)}`
    }, text),
  )

/** The same as the record of the sender, in a zone with nothing else. */
export const mistakenCase: fc.Arbitrary<Case> = mistaken.map((record) => ({
  zones: { 'example.com': { TXT: [record], A: ['192.0.2.7'] } },
  ip: '192.0.2.1',
  mailFrom: 'joe@example.com',
  helo: 'example.com',
}))
