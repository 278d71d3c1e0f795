import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Workspace, workspace } from '../workspace.js'

const SECRET = 'c4n4ry-"s3cr3t"/+='
const PARTS = /s3cr3t|czNjcjN0|M2NyM3|zY3IzdC/

/** An adapter that puts its token into whatever it says, in every way in which an API gives one back. */
const LEAKY = `
const told = (token) => [
  token, JSON.stringify({ token }), encodeURIComponent(token), Buffer.from(token).toString('base64'),
  Buffer.from('user:' + token).toString('base64'), '<a href="' + token + '">',
].join(' ')
const fail = (how, token) => {
  if (how === 'bug') throw new TypeError('no function ' + told(token))
  throw Object.assign(new Error(), { code: 'x' })
}
export default {
  type: 'leaky', description: 'leaks', limits: [],
  optionDocs: [{ name: 'token', secret: true, description: 'it' }, { name: 'at', description: 'where to fail' }],
  traits: { types: ['A', 'AAAA', 'MX', 'TXT', 'PTR', 'CNAME', 'NS'], write: 'atomic', compareAndSwap: false, ttl: { min: 0, max: 99999 } },
  options(input) {
    if (input.at === 'options') throw Object.assign(new Error('x'), { issues: [{ path: ['token'], message: 'bad: ' + told(input.token), hint: told(input.token) }] })
    return input
  },
  async connect({ token, at }) {
    if (at === 'connect') fail('bug', token)
    return {
      async zones() { return ['example.com.'] },
      async read() { if (at === 'read') fail('bug', token); return [] },
      async check() { return { writable: 'no', nameServers: [], remarks: [told(token)] } },
      async write() { if (at === 'write') fail('bug', token); return { applied: [] } },
      async settle(signal, report) { report(told(token)); fail('bug', token) },
    }
  },
}
`

const spec = (at: string): string => `
providers: { leaky: { class: ./leaky.js, token: env/TOKEN, at: ${at} } }
zones: { example.com: { targets: [leaky] } }
hosts: { mail.example.com: { addresses: [192.0.2.1], reverse: false } }
domains: { example.com: { mx: [mail.example.com], dkim: false, dmarc: { policy: none } } }
`

let space: Workspace
beforeEach(async () => {
  space = await workspace({ 'package.json': '{ "type": "module" }', 'leaky.js': LEAKY, 'mailsync.yaml': '' })
})
afterEach(() => space.remove())

const COMMANDS: readonly (readonly string[])[] = [
  ['plan'],
  ['plan', '--format', 'json'],
  ['plan', '--format', 'markdown'],
  ['plan', '--format', 'html'],
  ['apply', '--yes', '--wait'],
  ['apply', '--yes', '--format', 'json', '--wait'],
  ['providers', '--check', '--resolver', '127.0.0.1:9'],
  ['providers', '--check', '--format', 'json', '--resolver', '127.0.0.1:9'],
]

describe.each(['options', 'connect', 'read', 'write', 'nowhere'])('a secret that comes back at %s', (at) => {
  test.each(COMMANDS)('is in no output of %s %s %s %s', async (...args) => {
    await space.write('mailsync.yaml', spec(at))
    const out = args[0] === 'plan' ? ['--out', space.path('plan.json')] : []
    const { stdout, stderr } = await space.run([...args, ...out], { env: { TOKEN: SECRET } })
    const saved = await space.read('plan.json').catch(() => '')
    expect(`${stdout}${stderr}${saved}`).not.toMatch(PARTS)
    if (at === 'read' || at === 'options') expect(`${stdout}${stderr}`).toContain('***')
  })
})

test('a secret that stands in the spec itself is one too', async () => {
  await space.write('mailsync.yaml', spec('read').replace('env/TOKEN', JSON.stringify(SECRET)))
  const { stdout, stderr } = await space.run(['plan'])
  expect(`${stdout}${stderr}`).toContain('no function ***')
  expect(`${stdout}${stderr}`).not.toMatch(PARTS)
})

test('a word that only an option without a secret has stays readable', async () => {
  await space.write('mailsync.yaml', spec('env/AT'))
  const { stderr, stdout } = await space.run(['plan'], { env: { TOKEN: SECRET, AT: 'example.com' } })
  expect(`${stdout}${stderr}`).toContain('mail.example.com.')
})

test('import writes a variable in the place of what an adapter declares secret, whatever its name', async () => {
  await space.write(
    'leaky.js',
    LEAKY.replaceAll("name: 'token'", "name: 'pin'").replace('connect({ token,', 'connect({ pin: token,'),
  )
  const args = ['import', 'example.com', '--class', space.path('leaky.js'), '--option', `pin=${SECRET}`]
  const { stdout, stderr } = await space.run([...args, '--option', 'at=nowhere', '--out', space.path('new.yaml')])
  expect(`${stdout}${stderr}`).not.toMatch(PARTS)
  expect(await space.read('new.yaml')).toMatch(/pin: env\/\w*PIN/)
})

test('a secret of the command line of import is in no message', async () => {
  const args = ['import', 'example.com', '--class', space.path('leaky.js'), '--option', `token=${SECRET}`]
  const { stdout, stderr } = await space.run([...args, '--option', 'at=read'])
  expect(`${stdout}${stderr}`).not.toMatch(PARTS)
})
