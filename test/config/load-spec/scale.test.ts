import { expect, test } from 'vitest'
import { load, problemsOf } from '../load.js'

const HEAD = `providers: { dns: { class: yaml } }
zones: { example.com.: { targets: [dns] } }
domains:
`

const kinds = [
  { line: 'mx: [192.0.2.1]', rule: 'mx-is-address' },
  { line: 'spf: { all: fial }', rule: 'spec-value' },
  { line: 'dmrc: {}', rule: 'spec-unknown-key' },
  { line: 'dmarc: { rua: [nobody] }', rule: 'report-address' },
]

test('10,000 problems of several kinds are all told, in the order of the text', async () => {
  const count = 10_000
  const kindOf = (index: number) => kinds[index % kinds.length] as (typeof kinds)[number]
  const lines = Array.from({ length: count }, (_, index) => `  d${index}.example.com: { ${kindOf(index).line} }`)
  const { problems } = await load(`${HEAD}${lines.join('\n')}\n`)
  expect(problems.map(({ rule, where }) => `${where?.line} ${rule}`)).toEqual(
    lines.map((_, index) => `${index + 4} ${kindOf(index).rule}`),
  )
})

test('10,000 problems in one list are all told', async () => {
  const addresses = Array.from({ length: 10_000 }, (_, index) => `      - ${index % 2 ? '999.0.0.1' : '{}'}`)
  const { problems } = await load(
    `${HEAD.replace('domains:', 'hosts:')}  mail.example.com:\n    addresses:\n${addresses.join('\n')}\ndomains: {}\n`,
  )
  expect(problems.map(({ rule, where }) => `${where?.line} ${rule}`)).toEqual(
    addresses.map((_, index) => `${index + 6} ${index % 2 ? 'address' : 'spec-type'}`),
  )
})

test('thousands of names that none of thousands of hosts has are told, each with a short hint', async () => {
  const each = (line: (index: number) => string) =>
    Array.from({ length: 5000 }, (_, index) => `  ${line(index)}\n`).join('')
  const hosts = each((index) => `relay-${index}.example.com: { addresses: [192.0.2.1] }`)
  const domains = each(
    (index) => `d${index}.example.com: { mx: [192.0.2.1], spf: { hosts: [nat${index}.example.net] } }`,
  )
  const { problems } = await load(`${HEAD.replace('domains:\n', '')}hosts:\n${hosts}domains:\n${domains}`)
  expect(problems.filter(({ rule }) => rule === 'mx-is-address')).toHaveLength(5000)
  expect(problems.filter(({ rule }) => rule === 'unknown-host')).toHaveLength(5000)
  expect(Math.max(...problems.map(({ hint = '' }) => hint.length))).toBeLessThan(600)
})

test('what is wrong in a file that is included is told there, whatever merges it', async () => {
  const problems = await problemsOf({
    'mailsync.yaml': `providers: { dns: { class: yaml } }
zones: { example.com.: { targets: [dns] } }
hosts: !include [hosts/a.yaml, hosts/b.yaml]
domains:
  example.com: { <<: !include base.yaml, mx: [mail.example.com] }
`,
    'hosts/a.yaml': 'mail.example.com: { addresses: [192.0.2.300] }\n',
    'hosts/b.yaml': '# the second\nb.example.com:\n  adresses: [192.0.2.2]\n',
    'base.yaml': 'dmarc:\n  policy: rejekt\nmx: none\n',
  })
  expect(problems.map((problem) => problem.split('\n')[0])).toEqual([
    'base.yaml:2:11 spec-value: expected none, quarantine or reject, found "rejekt"',
    'hosts/a.yaml:1:33 address: "192.0.2.300" is not an IPv4 address: 300 is over 255',
    'hosts/b.yaml:3:3 spec-unknown-key: unknown key "adresses"',
  ])
})

test('500 files with domains are read, and what is wrong in several of them is told at once, each at its place', async () => {
  const names = Array.from({ length: 500 }, (_, index) => `domains/${index}.${index % 2 === 0 ? 'yaml' : 'json'}`)
  const text = (index: number, mx: string): string =>
    index % 2 === 0
      ? `# customer ${index}\nd${index}.example.com:\n  mx: ${mx}\n`
      : `{\n  "d${index}.example.com": {\n    "mx": ${JSON.stringify(mx)}\n  }\n}\n`
  const files = (wrong: readonly number[]) => ({
    'mailsync.yaml': `${HEAD.replace('domains:\n', '')}domains: !include [${names.join(', ')}]\n`,
    ...Object.fromEntries(names.map((name, index) => [name, text(index, wrong.includes(index) ? 'nobody' : 'none')])),
  })
  expect(await problemsOf(files([]))).toEqual([])
  const problems = await problemsOf(files([0, 7, 250, 499]))
  expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual([
    'domains/0.yaml:3:7',
    'domains/250.yaml:3:7',
    'domains/499.json:3:11',
    'domains/7.json:3:11',
  ])
})

test('the spec itself may be JSON of a generator: the same problems, at the same places', async () => {
  const spec = {
    providers: { dns: { class: 'yaml' } },
    zones: { 'example.com.': { targets: ['dns', 'ns'] } },
    hosts: { 'mail.example.com': { addresses: ['192.0.2.300'] } },
    domains: { 'example.com': { mx: ['192.0.2.1'], dmrc: {} }, 'b.example.com': { spf: { all: 'fial' } } },
  }
  const json = JSON.stringify(spec, null, 2)
  const told = await problemsOf(json)
  expect(told).toHaveLength(5)
  expect(told).toEqual(await problemsOf(`${json}\n# so it is no JSON\n`))
})

test('a file that cannot be included is one problem, not one for everything that was in it', async () => {
  const problems = await problemsOf(`
providers: { dns: { class: yaml } }
zones: !include zones.yaml
hosts: !include hosts.yaml
domains: { example.com: { spf: { hosts: [mail.example.com] } } }
`)
  expect(problems.map((problem) => problem.split('\n')[0])).toEqual([
    'mailsync.yaml:3:8 yaml-include: cannot include "zones.yaml": there is no such file',
    'mailsync.yaml:4:8 yaml-include: cannot include "hosts.yaml": there is no such file',
  ])
})

test('a spec that is no YAML is told so, and nothing more', async () => {
  const problems = await problemsOf('providers: {\n')
  expect(problems.map((problem) => problem.split(':')[3])).toHaveLength(1)
  expect(problems[0]).toMatch(/^mailsync\.yaml:\d+:\d+ yaml-syntax: /)
})
