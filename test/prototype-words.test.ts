import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { explain } from '../providers/route53/errors.js'
import { MailsyncError } from '../records/error.js'
import { readSavedPlan } from '../src/apply/saved-plan.js'
import { type Workspace, workspace } from './cli/workspace.js'

/** What every JavaScript object answers to. None of them is a word of the spec, and none is a name in DNS but by its letters. */
const WORDS = ['__proto__', 'constructor', 'hasOwnProperty', 'toString']
const HOLE = 'HOLE'

const SPEC = {
  providers: { files: { class: 'yaml', directory: 'zones', default_ttl: 300 } },
  zones: { 'example.com': { targets: ['files'] }, '2.0.192.in-addr.arpa': { targets: ['files'] } },
  ownership: { owner: 'me' },
  keys: { directory: 'keys' },
  defaults: { ttl: 600, dkim: { algorithms: ['ed25519'], selector: 's%Y' }, dmarc: { rua: ['a@example.com'] } },
  hosts: { 'mail.example.com': { addresses: ['192.0.2.1'], egress: ['192.0.2.2'], reverse: 'auto', helo_spf: false } },
  domains: {
    'example.com': {
      mx: ['mail.example.com', { host: 'mx.example.net', preference: 20 }],
      spf: { hosts: ['mail.example.com'], include: ['spf.example.net'], all: 'softfail' },
      dkim: false,
      dmarc: { policy: 'none', subdomains: 'none', rua: ['a@example.com'], adkim: 'strict' },
    },
    'news.example.com': { mail: 'none' },
  },
}

/** The tree with the hole as a key more in every mapping, in the place of every key, and in the place of every value. */
function* holed(tree: unknown): Generator<unknown> {
  yield HOLE
  if (Array.isArray(tree)) {
    yield [...tree, HOLE]
    for (const [index, item] of tree.entries()) for (const hole of holed(item)) yield tree.with(index, hole)
  } else if (typeof tree === 'object' && tree !== null) {
    const entries = Object.entries(tree)
    yield { ...tree, [HOLE]: HOLE }
    yield { ...tree, [HOLE]: {} }
    for (const [at, [key, value]] of entries.entries()) {
      yield Object.fromEntries(entries.with(at, [HOLE, value]))
      for (const hole of holed(value)) yield { ...tree, [key]: hole }
    }
  }
}

let space: Workspace
beforeEach(async () => {
  space = await workspace({ 'mailsync.yaml': JSON.stringify(SPEC) })
})
afterEach(() => space.remove())

const filled = (tree: unknown, word: string): string =>
  JSON.stringify(tree).replaceAll(`"${HOLE}"`, JSON.stringify(word))

/** A word of the same letters and length but one, which no object answers to. */
const twinOf = (word: string): string => word.replace(/[a-z](?=[^a-z]*$)/i, 'q')

test('the spec of these tests is right', async () => {
  expect((await space.run(['plan'])).code).toBe(0)
})

describe.each(WORDS)('%s', (word) => {
  /** What a command says, without the hints that list other words. */
  async function said(args: readonly string[], one: string) {
    const { code, stderr, stdout } = await space.run(args)
    const text = `${stdout}${stderr}`.replaceAll(one, HOLE).replaceAll(one.toLowerCase(), HOLE)
    return {
      code,
      text: text.replace(/ {2,}/g, ' ').replace(/^.*(?:did you mean|known here|it is no name either).*\n/gm, ''),
    }
  }

  test('anywhere in a spec is read as any other word', { timeout: 60_000 }, async () => {
    for (const tree of holed(SPEC)) {
      const plan = async (one: string) => {
        await space.write('mailsync.yaml', filled(tree, one))
        return said(['plan'], one)
      }
      const text = filled(tree, word)
      const isKey = text.includes(`"${word}":`)
      if (word === '__proto__' && isKey)
        expect(await plan(word), text).toMatchObject({ code: 1, text: expect.stringContaining('unknown key "HOLE"') })
      else expect(await plan(word), text).toEqual(await plan(twinOf(word)))
    }
  })

  test('anywhere in a saved plan is refused, or read as any other word', { timeout: 60_000 }, async () => {
    await space.run(['plan', '--out', space.path('plan.json')])
    const plan = JSON.parse(await space.read('plan.json'))
    for (const tree of holed(plan)) {
      await space.write('plan.json', filled(tree, word))
      const read = await readSavedPlan(space.path('plan.json')).catch((error: unknown) => error)
      if (read instanceof MailsyncError) continue
      const { code, stderr } = await space.run(['apply', space.path('plan.json'), '--yes'])
      expect([0, 1, 3], stderr).toContain(code)
      await rm(space.path('zones'), { recursive: true, force: true })
    }
  })

  test.each(['text', 'json', 'markdown', 'html'])(
    'in zone files is a name, a type or a text, as %s',
    async (format) => {
      const zone = `${word}: [{ type: ${word}, value: a }, { type: TXT, ${word}: x, values: [${word}, 'v=spf1 ${word} ${word}:x -all'] }, { type: MX, value: { exchange: ${word}., preference: 1, ${word}: 1 } }]
'': { type: TXT, values: ['v=spf1 ${word}=1 ${word}:example.net -all'] }
_dmarc: { type: TXT, value: 'v=DMARC1\\; p=none\\; ${word}=1' }
_mailsync: { type: TXT, values: ['v=mailsync1\\; owner=${word}\\; ${word}.TXT=@', 'v=mailsync1\\; owner=me\\; spf.TXT=@\\; dmarc.${word}=@\\; dmarc.TXT=${word},_dmarc'] }
`
      await space.write('zones/example.com.yaml', zone)
      const { code, stdout, stderr } = await space.run(['plan', '--format', format])
      expect(code, stderr).toBe(0)
      expect(stdout).not.toContain('native code')
      const one = await said(['plan', '--format', format], word)
      await space.write('zones/example.com.yaml', zone.replaceAll(word, twinOf(word)))
      if (format === 'text') expect(one).toEqual(await said(['plan', '--format', format], twinOf(word)))
    },
  )

  test('is no option of an adapter, and no flag', async () => {
    const imports = ['import', 'example.com', '--class', 'yaml', '--option', 'directory=zones', '--option']
    expect(await space.run([...imports, `${word}=x`])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`unknown key "${word}"`),
    })
    for (const flag of [`--${word}`, `--${word}.x=1`, `--zone.${word}=1`])
      expect(await space.run(['plan', flag]), flag).toMatchObject({ code: 1 })
  })

  test('is no variable that is set', async () => {
    await space.write(
      'mailsync.yaml',
      JSON.stringify({ ...SPEC, providers: { files: { class: 'yaml', directory: `env/${word}` } } }),
    )
    expect(await space.run(['plan'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`the environment variable ${word} is not set`),
    })
  })

  test('is no error code of AWS that we know', () => {
    const error = Object.assign(new Error('no'), { name: word, $fault: 'client' })
    expect(explain(error, 'route53:ListHostedZones')).toMatchObject({ code: 'rejected' })
  })
})
