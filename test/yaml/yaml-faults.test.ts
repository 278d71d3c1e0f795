import { describe, expect, test } from 'vitest'
import { read } from './yaml-in-memory.js'

describe('text that is not YAML', () => {
  test.each([
    ['a tab as indentation', 'a:\n\tb: 1\n', '2:1', 'Indent with spaces'],
    ['a no-break space', 'a: { mx:\u00a0[b], c: d }', '1:10', 'type a space'],
    ['a bare *', 'zones:\n  *.example.com.: { targets: [x] }\n', '2:19', 'Quote a name that begins with *'],
    ['a bare * before a block', 'zones:\n  *:\n    targets: [x]\n', '3:5', 'Quote a name that begins with *'],
    ['a value that begins with @', 'rua: @example.com', '1:6', 'Quote a value that begins with @'],
    ['a colon in a value', 'note: see: below', '1:10', 'colon and a space'],
    ['no space after a colon', 'a:\n  ttl:60\n  mx: none\n', '3:5', '"key: value"'],
    ['an open bracket', 'a:\n  mx: [b, c\n  d: e\n', '3:3', 'not closed'],
    ['an open quote', 'a: "b\nc: d\n', '2:1', 'not closed'],
    ['a bracket too many', 'a: [b]]', '1:7', 'closes nothing'],
    ['a bracket of another kind', 'a: { mx: [b }', '1:13', 'close that one first'],
    ["a ' inside single quotes", "a: 'it's'", '1:8', "''"],
    ['an unknown escape', 'a: "\\d"', '1:6', 'single quotes'],
    ['an item beside a key', 'a: 1\n- b\n', '2:1', 'cannot be mixed'],
    ['a list in the line of its key', 'a: - b', '1:4', 'next line'],
    ['a control character', 'a: b\u0007', '1:5', 'control character'],
  ])('%s', async (_, text, place, hint) => {
    const { value, problems, hints } = await read(text)
    expect(value).toBeNull()
    expect(problems).toEqual([expect.stringContaining(`conf/spec.yaml:${place} yaml-syntax: not valid YAML: `)])
    expect(hints[0]).toContain(hint)
  })

  test('a second document is a problem where it begins; the first counts', async () => {
    const { value, problems } = await read('---\na: 1\n# more\n---\nb: 2\n---\nc: 3\n')
    expect(value).toEqual({ a: 1 })
    expect(problems).toEqual(['conf/spec.yaml:4:1 yaml-documents: a second document begins here'])
    expect((await read('a: 1\n...\nb: 2\n')).problems).toEqual([
      'conf/spec.yaml:2:1 yaml-documents: a second document begins here',
    ])
    expect((await read('--- # one\na: 1\n...\n')).problems).toEqual([])
  })
})

describe('bytes that are not text', () => {
  const replacement = '\ufffd'
  test.each([
    ['UTF-16', Buffer.from('\ufeffa: b', 'utf16le'), '1:1 yaml-encoding: the file is UTF-16, not UTF-8'],
    [
      'UTF-16, other end first',
      Buffer.from('\ufeffa: b', 'utf16le').swap16(),
      '1:1 yaml-encoding: the file is UTF-16, not UTF-8',
    ],
    [
      'Latin-1',
      Buffer.from('a: b\nc: caf\xe9\n', 'latin1'),
      '2:7 yaml-encoding: the file is not text: it holds a byte that is not UTF-8',
    ],
    [
      'a cut character',
      Buffer.concat([Buffer.from(`\ufeff${replacement}a`), Buffer.from([0xe2, 0x82])]),
      '1:3 yaml-encoding: the file is not text: it holds a byte that is not UTF-8',
    ],
    ['a NUL byte', Buffer.from('a: b\nc: \0'), '2:4 yaml-encoding: the file is not text: it holds a NUL byte'],
    [
      'an image',
      Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
      '1:1 yaml-encoding: the file is not text: it holds a byte that is not UTF-8',
    ],
  ])('%s', async (_, bytes, problem) => {
    const { value, problems } = await read({ 'conf/spec.yaml': bytes })
    expect(value).toBeNull()
    expect(problems).toEqual([`conf/spec.yaml:${problem}`])
  })

  test('a byte order mark and characters beyond ASCII are text', async () => {
    const { value, problems } = await read(`\ufeffmüller.example: "${replacement} 📬"`)
    expect(problems).toEqual([])
    expect(value).toEqual({ 'müller.example': `${replacement} 📬` })
  })
})

describe('limits', () => {
  test('aliases that multiply are refused where they pass the limit, and cost next to nothing', async () => {
    const levels = Array.from(
      { length: 30 },
      (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level}, `.repeat(9)}]`,
    )
    const { problems } = await read(`a0: &a0 [lol]\n${levels.join('\n')}`)
    expect(problems).toEqual([
      expect.stringMatching(/^conf\/spec\.yaml:\d+:\d+ yaml-too-large: more than 5,000,000 keys and values once/),
    ])
  })

  test('merges and includes that multiply are refused', async () => {
    const keys = Array.from({ length: 5000 }, (_, index) => `k${index}: 1`).join('\n')
    const merges = Array.from({ length: 2000 }, (_, index) => `m${index}: { <<: *base }`).join('\n')
    const merged = await read(`base: &base\n  ${keys.replaceAll('\n', '\n  ')}\n${merges}`)
    expect(merged.problems).toEqual([expect.stringContaining('yaml-too-large')])
    const includes = '- !include keys.yaml\n'.repeat(2000)
    const included = await read({ 'conf/spec.yaml': includes, 'conf/keys.yaml': keys })
    expect(included.problems).toEqual([expect.stringContaining('yaml-too-large')])
  })

  test('100 levels of nesting are read, many more are refused, also through aliases', async () => {
    const deepest = `${'['.repeat(100)}x${']'.repeat(100)}`
    expect((await read(deepest)).problems).toEqual([])
    expect((await read(`${'['.repeat(150)}${']'.repeat(150)}`)).problems).toEqual([
      'conf/spec.yaml:1:102 yaml-too-deep: nested more than 100 levels deep',
    ])
    expect(
      (await read(`a: &a ${'['.repeat(60)}${']'.repeat(60)}\nb: ${'['.repeat(50)}*a${']'.repeat(50)}`)).problems,
    ).toEqual(['conf/spec.yaml:2:54 yaml-too-deep: nested more than 100 levels deep'])
  })

  test('a chain of includes ends, whichever way round its files are read', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 150 }, (_, index) => [`conf/${index}.yaml`, `!include ${index + 1}.yaml`]),
    )
    const straight = await read({ ...chain, 'conf/spec.yaml': '!include 0.yaml' })
    expect(straight.problems).toEqual([
      'conf/98.yaml:1:1 yaml-too-deep: more than 100 files include one another in a chain',
    ])
    const all = Array.from({ length: 150 }, (_, index) => `- !include ${index}.yaml\n`).join('')
    const { problems } = await read({ ...chain, 'conf/150.yaml': 'end', 'conf/spec.yaml': all })
    expect(problems).toEqual(['conf/98.yaml:1:1 yaml-too-deep: more than 100 files include one another in a chain'])
  })

  test('a file of more than 16 MiB is refused', async () => {
    const large = Buffer.alloc(16 * 1024 * 1024 + 1, 'a: b\n')
    const { problems, hints } = await read({ 'conf/spec.yaml': large })
    expect(problems).toEqual(['conf/spec.yaml:1:1 yaml-unreadable: cannot read the file: it is larger than 16 MiB'])
    const included = await read({ 'conf/spec.yaml': 'a: !include a.yaml', 'conf/a.yaml': large })
    expect(included.problems).toEqual([
      'conf/spec.yaml:1:4 yaml-include: cannot include "conf/a.yaml": it is larger than 16 MiB',
    ])
    for (const hint of [...hints, ...included.hints]) expect(hint).toContain('!include [a.yaml, b.yaml]')
  })

  test('a long word is cut in messages', async () => {
    const { problems } = await read(`a: *${'x'.repeat(5000)}`)
    expect(problems[0]?.length).toBeLessThan(200)
  })

  test('20,000 problems are all told', async () => {
    const { problems, hints } = await read(
      Array.from({ length: 40_000 }, (_, index) => `k${index % 20_000}: 1`).join('\n'),
    )
    expect(problems).toHaveLength(20_000)
    expect(problems.at(-1)).toBe('conf/spec.yaml:40000:1 yaml-duplicate-key: duplicate key "k19999"')
    expect(hints.at(-1)).toContain('first written in line 20000')
  })
})
