import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OwnedSlot } from '../../../records/manifest.js'
import type { Name } from '../../../records/rr/name.js'
import { ownedText, parseOwned } from '../../../src/connect/memory/owned-file.js'

const ZONE = 'example.com.' as Name
const slot = (name: string, type: OwnedSlot['type'], purpose: OwnedSlot['purpose'], claimed = false): OwnedSlot => ({
  name: name as Name,
  type,
  purpose,
  claimed,
})

describe('the file of what is owned', () => {
  test('has a line a record, in an order of its own', () => {
    const slots = [
      slot('*._domainkey.example.com.', 'TXT', 'dkim'),
      slot('mail.example.com.', 'A', 'host', true),
      slot('example.com.', 'TXT', 'spf'),
    ]
    expect(ownedText(new Map([['default', slots]]), ZONE, 'panel')).toBe(
      `# What mailsync owns in example.com. at "panel", as no record there can say it. Commit this file with the spec.
# written: mailsync wrote them or asked somebody to, so it may ask to delete them. claimed: they were there before.
version: 1
owners:
  - owner: default
    written:
      - example.com. TXT spf
      - '*._domainkey.example.com. TXT dkim'
    claimed:
      - mail.example.com. A host
`,
    )
  })

  test('says again what was written into it, whatever the owners and records', () => {
    const kinds = fc.constantFrom(
      ['A', 'host'],
      ['TXT', 'spf'],
      ['MX', 'mx'],
      ['TXT', 'dkim'],
      ['PTR', 'ptr'],
      ['CAA', 'caa'],
    ) as fc.Arbitrary<[OwnedSlot['type'], OwnedSlot['purpose']]>
    const label = fc.stringMatching(/^[a-z0-9_][a-z0-9_-]{0,8}[a-z0-9]$/).filter((text) => !text.includes('--'))
    const slots = fc.uniqueArray(
      fc.tuple(label, kinds, fc.boolean()).map(([name, [type, purpose], claimed]): OwnedSlot => {
        const { claimed: isClaimed, ...place } = slot(`${name}.${ZONE}`, type, purpose, claimed)
        return { ...place, ...(purpose === 'caa' && { digest: '5d41402abc4b' }), claimed: isClaimed }
      }),
      { selector: ({ name, type, purpose }) => `${name} ${type} ${purpose}`, minLength: 1, maxLength: 8 },
    )
    const owner = fc.oneof(
      fc.stringMatching(/^[^;\s]+$/),
      fc.constantFrom('~', 'null', '1', 'constructor', '__proto__', 'a: b', '#'),
    )
    fc.assert(
      fc.property(
        fc.dictionary(owner, slots, { maxKeys: 3, noNullPrototype: true }),
        fc.string(),
        (owners, provider) => {
          const all = new Map(Object.entries(owners))
          const read = parseOwned(ownedText(all, ZONE, provider), ZONE, 'file.yaml')
          const sorted = (map: ReadonlyMap<string, readonly OwnedSlot[]>) =>
            [...map].map(([name, list]) => [name, list.map((one) => JSON.stringify(one)).sort()]).sort()
          expect(sorted(read)).toEqual(sorted(all))
        },
      ),
    )
  })

  test.each([
    ['is no YAML', 'version: 1\nowners: [\n', 3],
    ['is of a later version', 'version: 2\nowners: []\n', 1],
    [
      'has an owner twice, as a merge may leave it',
      'version: 1\nowners:\n  - owner: default\n    written: []\n  - owner: default\n    claimed: []\n',
      1,
    ],
    ['has a word that nobody wrote', 'version: 1\nowners: [{ owner: default, owned: [] }]\n', 1],
    [
      'names a record of another zone',
      'version: 1\nowners:\n  - owner: default\n    written:\n      - mail.example.org. A host\n',
      5,
    ],
    [
      'names a purpose that there is not',
      'version: 1\nowners:\n  - owner: default\n    written:\n      - example.com. TXT constructor\n',
      5,
    ],
    [
      'gives a purpose a type that it has not',
      'version: 1\nowners:\n  - owner: default\n    written:\n      - example.com. A spf\n',
      5,
    ],
  ])('is refused where it %s', (_, text, line) => {
    expect(() => parseOwned(text, ZONE, 'owned/panel/example.com.yaml')).toThrow(
      expect.objectContaining({ code: 'spec', where: expect.objectContaining({ line, zone: ZONE }) }),
    )
  })
})
