import { describe, expect, test } from 'vitest'
import { read } from './yaml-in-memory.js'

describe('values', () => {
  test('are plain data, by the core schema', async () => {
    const { value, problems } = await read(`
text: plain text
quoted: "12"
whole: -5
fraction: 1.5
yes: [true, True, FALSE]
nothing: [null, ~, ]
empty:
block: |
  two
  lines
folded: >-
  one
  line
`)
    expect(problems).toEqual([])
    expect(value).toEqual({
      text: 'plain text',
      quoted: '12',
      whole: -5,
      fraction: 1.5,
      yes: [true, true, false],
      nothing: [null, null],
      empty: null,
      block: 'two\nlines\n',
      folded: 'one line',
    })
  })

  test.each([
    '0012345',
    '2024.10',
    '1e3',
    '+1',
    '0x1F',
    '12345678901234567890',
    '-0',
    '.inf',
    '-Infinity',
    '2026-11-22',
    '12:30',
    'no',
  ])('keep every character of %s', async (text) => {
    expect(await read(`account: ${text}`)).toMatchObject({ value: { account: text }, problems: [] })
  })

  test('follow an explicit tag', async () => {
    const { value, problems } = await read(`
- !!str 12
- !!int "0x1F"
- !!float 5.0
- !!bool "true"
- !!null ""
- ! 12
- !!seq [!!map {}]
- !<tag:yaml.org,2002:str> 1
`)
    expect(problems).toEqual([])
    expect(value).toEqual(['12', 31, 5, true, null, '12', [{}], '1'])
  })

  test('follow a %TAG directive', async () => {
    expect((await read('%TAG !c! tag:yaml.org,2002:\n---\na: !c!str 1')).value).toEqual({ a: '1' })
  })

  test('have a problem where the tag does not fit or is unknown, and all others are still read', async () => {
    const { value, problems } = await read('a: !!int many\nb: !secret x\nc: !!map [1]\nd: 4')
    expect(problems).toEqual([
      'conf/spec.yaml:1:10 yaml-tag: this is not what its tag !!int says it is',
      'conf/spec.yaml:2:12 yaml-tag: unknown tag "!secret"',
      'conf/spec.yaml:3:10 yaml-tag: this is not what its tag !!map says it is',
    ])
    expect(value).toMatchObject({ d: 4 })
  })

  test('an empty file is null', async () => {
    expect(await read('# nothing yet\n')).toMatchObject({ value: null, problems: [] })
  })
})

describe('keys', () => {
  test('are the text they are written as', async () => {
    const { value } = await read('1: a\n007: b\nnull: c\ntrue: d\n1.50: e\n"quoted key": f\n? asked\n: g')
    expect(Object.keys(Object(value)).sort()).toEqual(['007', '1', '1.50', 'asked', 'null', 'quoted key', 'true'])
  })

  test('named like a part of JavaScript are keys like any other', async () => {
    const { value, problems } = await read('__proto__: { polluted: true }\nconstructor: 1\ntoString: 2')
    expect(problems).toEqual([])
    expect(Object.keys(Object(value))).toEqual(['__proto__', 'constructor', 'toString'])
    const inherited = Object.getPrototypeOf(value)
    expect([Reflect.ownKeys(inherited), Object.getPrototypeOf(inherited)]).toEqual([[], null])
    expect(Object(value).polluted).toBeUndefined()
    expect(Object.hasOwn({}, 'polluted')).toBe(false)
  })

  test('written twice are a problem each time, and the first counts', async () => {
    const { value, problems, hints } = await read(
      'mx: first\nspf: x\nmx: second\n"mx": third\ndkim: { a: 1, a: 2 }\n1: x\n"1": y',
    )
    expect(value).toEqual({ mx: 'first', spf: 'x', dkim: { a: 1 }, 1: 'x' })
    expect(problems).toEqual([
      'conf/spec.yaml:3:1 yaml-duplicate-key: duplicate key "mx"',
      'conf/spec.yaml:4:1 yaml-duplicate-key: duplicate key "mx"',
      'conf/spec.yaml:5:15 yaml-duplicate-key: duplicate key "a"',
      'conf/spec.yaml:7:1 yaml-duplicate-key: duplicate key "1"',
    ])
    expect(hints[1]).toContain('first written in line 1')
    expect(hints[2]).toContain('first written in line 5')
  })

  test('that are not text are a problem, and the others are still read', async () => {
    const { value, problems } = await read('? [a, b]\n: 1\n? {c: d}\n: 2\ne: 3')
    expect(value).toEqual({ e: 3 })
    expect(problems).toEqual([
      'conf/spec.yaml:1:3 yaml-key: a key must be plain text',
      'conf/spec.yaml:3:3 yaml-key: a key must be plain text',
    ])
  })
})

describe('aliases and merges', () => {
  test('an alias is the value of its anchor', async () => {
    const { value } = await read('a: &list [x, y]\nb: *list\nc: &name text\nd: *name\n*name : as key')
    expect(value).toEqual({ a: ['x', 'y'], b: ['x', 'y'], c: 'text', d: 'text', text: 'as key' })
  })

  test('<< adds what is missing: what is written wins, then the earlier mapping of a list', async () => {
    const { value, problems } = await read(`
base: &base { ttl: 60, mx: [a] }
other: &other { ttl: 300, spf: none }
one: { <<: *base, ttl: 1 }
after: { ttl: 1, <<: *base }
list: { <<: [*other, *base], spf: { all: fail } }
inline: { <<: { ttl: 5 } }
text: { "<<": kept }
`)
    expect(problems).toEqual([])
    expect(value).toMatchObject({
      one: { ttl: 1, mx: ['a'] },
      after: { ttl: 1, mx: ['a'] },
      list: { ttl: 300, mx: ['a'], spf: { all: 'fail' } },
      inline: { ttl: 5 },
      text: { '<<': 'kept' },
    })
  })

  test('what cannot be merged, or twice, is a problem', async () => {
    const { problems } = await read('a: &a {x: 1}\nb: { <<: text }\nc: { <<: [*a, 3] }\nd: { <<: *a, <<: *a }')
    expect(problems).toEqual([
      'conf/spec.yaml:2:6 yaml-merge: only a mapping, or a list of mappings, can be merged with <<',
      'conf/spec.yaml:3:6 yaml-merge: only a mapping, or a list of mappings, can be merged with <<',
      'conf/spec.yaml:4:14 yaml-duplicate-key: duplicate key "<<"',
    ])
  })

  test('an alias without an anchor, or inside its own, is a problem', async () => {
    const { value, problems } = await read('a: *later\nb: &later 1\nc: &self [*self]\nd: &map\n  <<: *map\n*none : 1')
    expect(value).toEqual({ a: null, b: 1, c: [null], d: {} })
    expect(problems).toEqual([
      'conf/spec.yaml:1:4 yaml-alias: alias "*later" has no anchor above it',
      'conf/spec.yaml:3:11 yaml-alias: alias "*self" stands inside what it is an alias of',
      'conf/spec.yaml:5:7 yaml-alias: alias "*map" stands inside what it is an alias of',
      'conf/spec.yaml:6:1 yaml-alias: alias "*none" has no anchor above it',
    ])
  })
})

describe('places', () => {
  const spec = `hosts:
  mail.example.com:
    addresses: [192.0.2.10, "2001:db8::10"]
domains:
  example.com: &standard
    mx:
      - mail.example.com
      -
    note: |
      text
    empty:
  example.net: *standard
  example.org:
    <<: *standard
    spf: none
`

  test.each([
    [['hosts', 'mail.example.com', 'addresses', 0], 'value', '3:17'],
    [['hosts', 'mail.example.com', 'addresses', 1], 'value', '3:29'],
    [['hosts', 'mail.example.com', 'addresses', 1], 'key', '3:29'],
    [['hosts', 'mail.example.com', 'addresses'], 'value', '3:16'],
    [['hosts', 'mail.example.com', 'addresses'], 'key', '3:5'],
    [['domains', 'example.com'], 'key', '5:3'],
    [['domains', 'example.com', 'mx'], 'value', '7:7'],
    [['domains', 'example.com', 'mx', 1], 'value', '8:7'],
    [['domains', 'example.com', 'note'], 'value', '10:7'],
    [['domains', 'example.com', 'empty'], 'value', '11:5'],
    [[], 'value', '1:1'],
  ] as const)('of %j, %s: %s', async (path, at, expected) => {
    expect((await read(spec)).locate(path, at)).toBe(`conf/spec.yaml:${expected}`)
  })

  test('behind an alias or a merge are where the value is written', async () => {
    const { locate } = await read(spec)
    expect(locate(['domains', 'example.net'], 'key')).toBe('conf/spec.yaml:12:3')
    expect(locate(['domains', 'example.net', 'mx', 0])).toBe('conf/spec.yaml:7:9')
    expect(locate(['domains', 'example.org', 'mx'], 'key')).toBe('conf/spec.yaml:6:5')
    expect(locate(['domains', 'example.org', 'mx', 0])).toBe('conf/spec.yaml:7:9')
    expect(locate(['domains', 'example.org', 'spf'])).toBe('conf/spec.yaml:15:10')
  })

  test('of what is not there are where the last part that is there is named', async () => {
    const { locate } = await read(spec)
    expect(locate(['domains', 'example.org', 'dkim', 'selector'])).toBe('conf/spec.yaml:13:3')
    expect(locate(['domains', 'example.com', 'mx', 7])).toBe('conf/spec.yaml:6:5')
    expect(locate(['domains', 'example.com', 'mx', 0, 'host'])).toBe('conf/spec.yaml:7:9')
    expect(locate(['zones'])).toBe('conf/spec.yaml:1:1')
  })

  test('of empty items are their dashes', async () => {
    const { locate } = await read('-\n- # not - here\n- [x, {y: }]\n-\n- "z" # -\n-\n')
    const items = [0, 1, 3, 5].map((index) => locate([index]))
    expect(items).toEqual(['1:1', '2:1', '4:1', '6:1'].map((place) => `conf/spec.yaml:${place}`))
  })

  test('count Windows and old Mac line ends, and not the byte order mark', async () => {
    const { locate } = await read('\ufeffa: 1\r\nb: 2\rc: 3\n')
    expect([locate(['a'], 'key'), locate(['b']), locate(['c'])]).toEqual(
      ['1:1', '2:4', '3:4'].map((place) => `conf/spec.yaml:${place}`),
    )
  })
})
