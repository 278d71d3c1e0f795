import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { read } from './yaml-in-memory.js'

describe('!include', () => {
  test('reads a file relative to the one that names it, and nested ones', async () => {
    const { value, problems, locate } = await read({
      'conf/spec.yaml': 'domains: !include domains/all.yaml\nowner: !include owner.txt\n',
      'conf/domains/all.yaml': '---\nexample.com:\n  mx: !include ../mx.yaml\n',
      'conf/mx.yaml': '# shared\n- mail.example.com\n',
      'conf/owner.txt': 'team a',
    })
    expect(problems).toEqual([])
    expect(value).toEqual({ domains: { 'example.com': { mx: ['mail.example.com'] } }, owner: 'team a' })
    expect(locate(['domains', 'example.com', 'mx', 0])).toBe('conf/mx.yaml:2:3')
    expect(locate(['domains', 'example.com'], 'key')).toBe('conf/domains/all.yaml:2:1')
    expect(locate(['domains'], 'key')).toBe('conf/spec.yaml:1:1')
    expect(locate(['owner'])).toBe('conf/owner.txt:1:1')
  })

  test('takes an absolute path, and shows it as one', async () => {
    const path = resolve('elsewhere/a.yaml')
    const { value, locate } = await read({ 'conf/spec.yaml': `a: !include ${path}`, 'elsewhere/a.yaml': 'x: 1' })
    expect(value).toEqual({ a: { x: 1 } })
    expect(locate(['a', 'x'])).toBe(`${path}:1:4`)
  })

  test('reads a file once, however often and by whatever path it is included', async () => {
    const { value, opened } = await read({
      'conf/spec.yaml': '[!include a.yaml, !include ./a.yaml, !include ../conf/a.yaml]',
      'conf/a.yaml': 'x',
    })
    expect(value).toEqual(['x', 'x', 'x'])
    expect(opened).toEqual([resolve('conf/spec.yaml'), resolve('conf/a.yaml')])
  })

  test('joins a list of files: lists one after another, of mappings the later wins', async () => {
    const { value, problems, locate } = await read({
      'conf/spec.yaml': `
list: !include
  - one.yaml
  - two.yaml
mapping: !include [base.yaml, empty.yaml, override.yaml]
nothing: !include []
`,
      'conf/one.yaml': '[a, b]',
      'conf/two.yaml': '- c',
      'conf/base.yaml': 'ttl: 30\nmx: none',
      'conf/empty.yaml': '# later',
      'conf/override.yaml': 'ttl: 60\nspf: none',
    })
    expect(problems).toEqual([])
    expect(value).toEqual({ list: ['a', 'b', 'c'], mapping: { ttl: 60, mx: 'none', spf: 'none' }, nothing: null })
    expect(locate(['list', 2])).toBe('conf/two.yaml:1:3')
    expect(locate(['mapping', 'ttl'], 'key')).toBe('conf/override.yaml:1:1')
    expect(locate(['mapping', 'mx'])).toBe('conf/base.yaml:2:5')
  })

  test('can be merged and anchored', async () => {
    const { value, problems, locate } = await read({
      'conf/spec.yaml':
        'a: { <<: !include base.yaml, ttl: 1 }\nb: &b !include base.yaml\nc: *b\nd: &d !include [base.yaml]\ne: *d\n',
      'conf/base.yaml': 'ttl: 30\nmx: none',
    })
    expect(problems).toEqual([])
    const base = { ttl: 30, mx: 'none' }
    expect(value).toEqual({ a: { ttl: 1, mx: 'none' }, b: base, c: base, d: base, e: base })
    expect(locate(['a', 'mx'])).toBe('conf/base.yaml:2:5')
    expect(locate(['c', 'mx'])).toBe('conf/base.yaml:2:5')
    expect(locate(['e', 'mx'])).toBe('conf/base.yaml:2:5')
  })

  test('an anchor is known in its own file only', async () => {
    const { problems } = await read({ 'conf/spec.yaml': 'a: &a 1\nb: !include b.yaml', 'conf/b.yaml': 'c: *a' })
    expect(problems).toEqual(['conf/b.yaml:1:4 yaml-alias: alias "*a" has no anchor above it'])
  })

  test('of a missing file is a problem at the tag, each time', async () => {
    const { value, problems } = await read('a: 1\nb: !include no.yaml\nc: !include [sub/no.yaml]\nd: !include no.yaml')
    expect(value).toEqual({ a: 1, b: null, c: null, d: null })
    expect(problems).toEqual([
      'conf/spec.yaml:2:4 yaml-include: cannot include "conf/no.yaml": there is no such file',
      'conf/spec.yaml:3:14 yaml-include: cannot include "conf/sub/no.yaml": there is no such file',
      'conf/spec.yaml:4:4 yaml-include: cannot include "conf/no.yaml": there is no such file',
    ])
  })

  test('in a circle is a problem that names the chain', async () => {
    const { value, problems } = await read({
      'conf/spec.yaml': 'a: !include a.yaml\nself: !include spec.yaml',
      'conf/a.yaml': 'b: !include b.yaml',
      'conf/b.yaml': 'c: !include a.yaml',
    })
    expect(value).toEqual({ a: { b: { c: null } }, self: null })
    expect(problems).toEqual([
      'conf/spec.yaml:2:7 yaml-include: files include one another in a circle: conf/spec.yaml -> conf/spec.yaml',
      'conf/b.yaml:1:4 yaml-include: files include one another in a circle: conf/a.yaml -> conf/b.yaml -> conf/a.yaml',
    ])
  })

  test('takes file names only, and files that can be joined', async () => {
    const { problems } = await read({
      'conf/spec.yaml':
        'a: !include {b: c}\nd: !include [[e]]\nf: !include [list.yaml, mapping.yaml, text.yaml]\n!include g: h',
      'conf/list.yaml': '[1]',
      'conf/mapping.yaml': 'a: 1',
      'conf/text.yaml': 'text',
      'conf/g': 'x',
    })
    expect(problems).toEqual([
      'conf/spec.yaml:1:13 yaml-include: !include takes the name of a file, or a list of names',
      'conf/spec.yaml:2:14 yaml-include: !include takes the name of a file, or a list of names',
      'conf/spec.yaml:3:25 yaml-include: what this file holds cannot be joined with the others',
      'conf/spec.yaml:3:39 yaml-include: what this file holds cannot be joined with the others',
      'conf/spec.yaml:4:10 yaml-include: !include takes the name of a file, or a list of names',
    ])
  })

  test('the problems of every file are found at once', async () => {
    const { value, problems } = await read({
      'conf/spec.yaml': 'a: !include a.yaml\na: 1\nb: !include b.yaml\nc: !include c.yaml',
      'conf/a.yaml': 'x: [',
      'conf/b.yaml': 'x: 1\nx: 2',
      'conf/c.yaml': new Uint8Array([0xff, 0x00]),
    })
    expect(value).toEqual({ a: null, b: { x: 1 }, c: null })
    expect(problems).toEqual([
      'conf/spec.yaml:2:1 yaml-duplicate-key: duplicate key "a"',
      'conf/a.yaml:1:5 yaml-syntax: not valid YAML: unexpected end of the stream within a flow collection',
      'conf/b.yaml:2:1 yaml-duplicate-key: duplicate key "x"',
      'conf/c.yaml:1:1 yaml-encoding: the file is not text: it holds a byte that is not UTF-8',
    ])
  })
})

test('a spec that is not there is a problem, too', async () => {
  const { value, problems } = await read({})
  expect(value).toBeNull()
  expect(problems).toEqual(['conf/spec.yaml:1:1 yaml-unreadable: cannot read the file: there is no such file'])
})
