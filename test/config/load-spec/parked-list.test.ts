import { describe, expect, test } from 'vitest'
import { load, problemsOf } from '../load.js'

const HEAD = `providers: { dns: { class: yaml } }
zones: { example.com: { targets: [dns] } }
`
const withList = (list: string, domains = '{}') => ({
  'mailsync.yaml': `${HEAD}domains: ${domains}\nparked: !lines lists/parked.txt\n`,
  'lists/parked.txt': list,
})

describe('a list of parked domains', () => {
  test('is a file with one name a line; comments and blank lines are none', async () => {
    const { spec, problems } = await load(
      withList('# ours\n\n  a.example.com   # since 2019\nB.example.com.\r\nbücher.example\n*.c.example.com'),
    )
    expect(problems).toEqual([])
    expect(spec?.domains.map(({ name, mail }) => `${name} ${mail}`)).toEqual([
      'a.example.com. none',
      'b.example.com. none',
      'xn--bcher-kva.example. none',
      '*.c.example.com. none',
    ])
  })

  test('may stand in the spec, or in several files', async () => {
    const names = async (files: Parameters<typeof load>[0]) => (await load(files)).spec?.domains.map(({ name }) => name)
    expect(await names(`${HEAD}domains: {}\nparked: [a.example.com]`)).toEqual(['a.example.com.'])
    expect(await names(withList(''))).toEqual([])
    expect(await names(withList('# none yet'))).toEqual([])
  })

  test('takes the reports of the defaults, as any parked domain does', async () => {
    const { spec } = await load(
      `${HEAD}defaults: { dmarc: { rua: [d@example.net], aspf: strict } }\ndomains: {}\nparked: [a.example.com]`,
    )
    expect(spec?.domains[0]?.dmarc).toMatchObject({ rua: ['mailto:d@example.net'], aspf: 'relaxed' })
  })

  test('tells what is wrong at its line: no name, twice, there and under domains', async () => {
    expect(
      await problemsOf(
        withList('a.example.com\nno name\n\nA.example.com.\n  b.example.com\n_x.example.com', '{ b.example.com: {} }'),
      ),
    ).toEqual([
      'lists/parked.txt:2:1 name: "no name" has white space in it',
      'lists/parked.txt:4:1 name-twice: A.example.com. is in the list already\n  remove one of the two',
      'lists/parked.txt:5:3 name-twice: b.example.com has an entry under domains already\n  remove one of the two',
      'lists/parked.txt:6:1 name: _x.example.com has an underscore, so it is no mail domain to be parked (RFC 1123 §2.1)',
    ])
  })

  test('tells of a file that cannot be read, and of a list that is none', async () => {
    expect(await problemsOf(`${HEAD}domains: {}\nparked: !lines parked.txt\n`)).toEqual([
      'mailsync.yaml:4:9 yaml-include: cannot include "parked.txt": there is no such file\n  A file to include is named relative to the file that includes it.',
    ])
    expect((await problemsOf(`${HEAD}domains: {}\nparked: !lines [parked.txt]\n`))[0]).toContain(
      '!lines takes the name of one file',
    )
    expect((await problemsOf(`${HEAD}domains: {}\nparked: { a.example.com: {} }\n`))[0]).toContain('expected a list')
  })

  test.each(['parked.txt', '{ from: parked.txt }'])('has a hint for the word of another tool: %s', async (value) => {
    expect((await problemsOf(`${HEAD}domains: {}\nparked: ${value}\n`))[0]).toContain('parked: !lines parked.txt')
  })

  test('takes ten thousand names in a second or two', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `d${index}.example.com`)
    const start = performance.now()
    const { spec, problems } = await load(withList(names.join('\n')))
    expect(problems).toEqual([])
    expect(spec?.domains).toHaveLength(10_000)
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
