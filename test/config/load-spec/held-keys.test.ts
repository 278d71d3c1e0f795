import { describe, expect, test } from 'vitest'
import { ED25519_KEY, RSA_KEYS } from '../../fixtures/dkim-keys.js'
import { load, problemsOf } from '../load.js'

const spec = (dkim: string): string => `providers: { dns: { class: yaml } }
zones: { example.com: { targets: [dns] } }
domains: { example.com: { dkim: ${dkim} } }
`
const heldKeys = async (dkim: string) => {
  const { spec: read, problems } = await load(spec(dkim))
  expect(problems).toEqual([])
  return read?.domains[0]?.heldKeys.map(({ selector, record }) => [selector, record])
}
const told = async (dkim: string) => (await problemsOf(spec(dkim))).map((line) => line.replace(/^mailsync\.yaml:/, ''))

describe('keys that others hold', () => {
  test('are names and texts, by selector', async () => {
    const text = `v=DKIM1; k=rsa; p=${RSA_KEYS[2048]}`
    expect(await heldKeys(`{ keys: { S1: { cname: s1.dkim.example.net }, a.b: { txt: "${text}" } } }`)).toEqual([
      ['s1', { cname: 's1.dkim.example.net.' }],
      ['a.b', { txt: text }],
    ])
  })

  test('keep every tag, and lose the line breaks of YAML', async () => {
    const text = `v=DKIM1; k=ed25519; h=sha256; s=email; t=s:y; n=a note; p=${ED25519_KEY}`
    const block = text.replaceAll('; ', ';\n            ')
    expect(await heldKeys(`{ keys: { s1: { txt: "\n            ${block}\n  " } } }`)).toEqual([['s1', { txt: text }]])
  })

  test('are fine without any', async () => {
    expect(await heldKeys('{ keys: {} }')).toEqual([])
    expect(await heldKeys('{}')).toEqual([])
    expect(await heldKeys('false')).toEqual([])
  })
})

describe('what is wrong with a key is told at its place', () => {
  test.each([
    ['neither', '{ keys: { s1: {} } }', '3:43 dkim-key: a key is either a txt or a cname, and here is neither'],
    [
      'both',
      `{ keys: { s1: { cname: a.example.net, txt: "v=DKIM1; p=" } } }`,
      '3:43 dkim-key: a key is either a txt or a cname, and here are both',
    ],
    ['a word of its own', '{ keys: { s1: { text: x } } }', '3:49 spec-unknown-key: unknown key "text"'],
    [
      'every fault of a text, with its section',
      '{ keys: { s1: { txt: "v=DKIM2; k=dsa; p=%" } } }',
      '3:54 dkim-key: receivers do not take this as a DKIM key: v=DKIM2: only DKIM1 can stand there (RFC 6376 §3.6.1); k=dsa: receivers know rsa and ed25519 (RFC 6376 §3.6.1); p= is not base64 (RFC 6376 §3.6.1)',
    ],
    [
      'no key',
      '{ keys: { s1: { txt: v=DKIM1 } } }',
      '3:54 dkim-key: receivers do not take this as a DKIM key: there is no p= (RFC 6376 §3.6.1)',
    ],
    [
      'the quotation marks of a zone file',
      `{ keys: { s1: { txt: '"v=DKIM1; p=AA" "AA"' } } }`,
      'write the text without the quotation marks that a zone file has around its parts',
    ],
    [
      'a text where a name is wanted',
      '{ keys: { s1: { cname: "v=DKIM1; p=" } } }',
      'a cname is a name, and this is the text of a key',
    ],
    ['an address', '{ keys: { s1: { cname: 192.0.2.1 } } }', '"192.0.2.1" is no name where a key could be'],
    [
      'a whole name for a selector',
      '{ keys: { s1._domainkey.example.com: { cname: a.example.net } } }',
      '3:43 dkim-selector: "s1._domainkey.example.com" is more than a selector\n  write what stands before ._domainkey alone: s1',
    ],
    [
      'no selector',
      '{ keys: { "*": { cname: a.example.net } } }',
      '3:43 dkim-selector: "*" is no selector: it has letters, digits and hyphens (RFC 6376 §3.1); "*" has more',
    ],
    [
      'two spellings of one selector',
      '{ keys: { s1: { cname: a.example.net }, S1: { cname: b.example.net } } }',
      '3:73 name-twice: S1 is the same selector as s1',
    ],
  ])('%s', async (_, dkim, line) => {
    const lines = await told(dkim)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toContain(line)
  })

  test('keys are of one domain, so defaults have none', async () => {
    expect((await problemsOf(`${spec('{}')}defaults: { dkim: { keys: {} } }\n`))[0]).toContain(
      '4:21 spec-unknown-key: unknown key "keys"',
    )
  })

  test.each([
    ['a.example.net', 'write { cname: a.example.net }'],
    ['"v=DKIM1; p="', 'write { txt: "v=DKIM1; …" }'],
  ])('%s without its word has a hint', async (value, hint) => {
    expect((await told(`{ keys: { s1: ${value} } }`))[0]).toContain(hint)
  })

  test('all of it at once', async () => {
    expect(await told('{ keys: { s1: { txt: p }, "a b": { cname: x } } }')).toHaveLength(3)
  })
})
