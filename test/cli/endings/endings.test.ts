import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Ran, type RunSettings, type Workspace, workspace } from '../workspace.js'

const SPEC = `providers: { files: { class: yaml, directory: zones }, own: { class: ./own.mjs } }
zones: { example.com: { targets: [files] } }
hosts: { mail.example.com: { addresses: [192.0.2.1], reverse: false } }
defaults: { dkim: { algorithms: [ed25519] }, dmarc: false }
domains: { example.com: { mx: [mail.example.com] } }
`
const STRANGER = 'mail:\n  type: A\n  value: 203.0.113.1\n'

interface Document {
  readonly format: string
  readonly code?: string
  readonly cancelled?: boolean
  readonly zones?: readonly { readonly applied: unknown[]; readonly pending: unknown[] }[]
  readonly keys?: readonly unknown[]
  readonly refusals?: readonly { readonly guard: string }[]
  readonly failures?: readonly { readonly code: string }[]
  readonly problems?: readonly { readonly rule: string }[]
}

let space: Workspace
beforeEach(async () => {
  space = await workspace({ 'mailsync.yaml': SPEC })
})
afterEach(() => space.remove())

/** Runs with `--format json`; stdout has to be one document. */
async function json(args: readonly string[], settings?: RunSettings): Promise<Ran & { document: Document }> {
  const ran = await space.run([...args, '--format', 'json'], settings)
  return { ...ran, document: JSON.parse(ran.stdout) as Document }
}

/** An adapter whose connection is `provider`. */
const adapter = (provider: string, types = 'A AAAA MX TXT') =>
  `export default { type: 'own', description: '', optionDocs: [], traits: { types: '${types}'.split(' '), write: 'atomic', compareAndSwap: false, ttl: { min: 60, max: 86400 } },
    options: () => ({}), connect: async () => (${provider}) }`

const aborted = AbortSignal.abort()

describe('apply --format json is one document', () => {
  test('where a guard refuses: what it refuses, and what was not written', async () => {
    await space.write('zones/example.com.yaml', STRANGER)
    const { code, document } = await json(['apply', '--yes'])
    expect(code).toBe(3)
    expect(document).toMatchObject({ format: 'mailsync-apply', cancelled: false, refusals: [{ guard: 'adopt' }] })
    expect(document.zones?.[0]?.applied).toEqual([])
    expect(document.zones?.[0]?.pending).not.toEqual([])
  })

  test('where the answer is no', async () => {
    const { code, document } = await json(['apply'], { answer: false })
    expect(code).toBe(0)
    expect(document).toMatchObject({ format: 'mailsync-apply', cancelled: true, refusals: [], keys: [] })
  })

  test('where it is stopped before the first write, and nothing is called failed', async () => {
    const { code, document, stderr } = await json(['apply', '--yes'], { signal: aborted })
    expect(code).toBe(1)
    expect(document).toMatchObject({ format: 'mailsync-apply', cancelled: true, failures: [] })
    expect(stderr).toContain('The run was stopped.\nNothing was written.\n')
  })

  test('where the plan is not sound', async () => {
    await space.write(
      'mailsync.yaml',
      SPEC.replace('mx: [mail.example.com]', 'mx: [mail.example.com, gone.example.com]'),
    )
    await space.write('zones/example.com.yaml', 'gone:\n  type: CNAME\n  value: other.example.\n')
    const { code, document } = await json(['apply', '--yes'])
    expect(code).toBe(1)
    expect(document).toMatchObject({ format: 'mailsync-apply', cancelled: false, refusals: [] })
    expect(document.problems).toContainEqual(expect.objectContaining({ severity: 'error' }))
  })

  test('where a saved plan is stale', async () => {
    await space.run(['dkim', 'generate'])
    await space.run(['plan', '--out', space.path('plan.json')])
    await space.write('zones/example.com.yaml', STRANGER)
    const { code, document } = await json(['apply', space.path('plan.json'), '--yes'])
    expect(code).toBe(3)
    expect(document).toMatchObject({ format: 'mailsync-error', code: 'stale' })
  })

  test('where the zones of a saved plan cannot be read any more', async () => {
    await space.run(['dkim', 'generate'])
    await space.run(['plan', '--out', space.path('plan.json')])
    await space.write('zones/example.com.yaml', 'mail: [\n')
    const { code, document } = await json(['apply', space.path('plan.json'), '--yes'])
    expect(code).toBe(1)
    expect(document).toMatchObject({ format: 'mailsync-apply', cancelled: false, failures: [{ code: 'io' }] })
  })

  test('where there is nothing to do', async () => {
    await space.run(['apply', '--yes'])
    const { code, document } = await json(['apply', '--yes'])
    expect(code).toBe(0)
    expect(document).toMatchObject({ format: 'mailsync-apply', zones: [], keys: [], cancelled: false })
  })

  test('where what was written is not known to be served: a failure beside what was written', async () => {
    await space.write('mailsync.yaml', SPEC.replace('[files]', '[own]').replace('{ algorithms: [ed25519] }', 'false'))
    await space.write(
      'own.mjs',
      adapter(`{ zones: async () => [], read: async () => [], write: async (zone, changes) => ({ applied: changes }),
        waitUntilServed: async () => { throw new Error('lost') } }`),
    )
    const { code, document, stderr } = await json(['apply', '--yes', '--wait'])
    expect(code).toBe(70)
    expect(document.zones?.[0]?.applied).not.toEqual([])
    expect(document.failures).toMatchObject([{ zone: '*', provider: 'own', code: 'bug' }])
    expect(stderr).toContain('Written, but not known to be served')
  })

  test('where a connection cannot be closed, after what was written', async () => {
    await space.write('mailsync.yaml', SPEC.replace('[files]', '[own]').replace('{ algorithms: [ed25519] }', 'false'))
    await space.write(
      'own.mjs',
      adapter(`{ zones: async () => [], read: async () => [], write: async (zone, changes) => ({ applied: changes }),
        close: async () => { throw new Error('lost') } }`),
    )
    const { code, document } = await json(['apply', '--yes'])
    expect(code).toBe(70)
    expect(document.format).toBe('mailsync-apply')
  })
})

describe('one error has one exit code, whatever the command', () => {
  test.each([
    ['a spec with errors', SPEC.replace('[mail.example.com]', '[192.0.2.1]'), 1, 'spec'],
    ['no YAML', 'providers: [', 1, 'spec'],
    ['an option that is wrong', SPEC.replace('directory: zones', 'directry: zones'), 1, 'spec'],
  ])('%s', async (_, spec, code, kind) => {
    await space.write('mailsync.yaml', spec)
    for (const command of ['plan', 'apply'])
      expect(await json([command, ...(command === 'apply' ? ['--yes'] : [])])).toMatchObject({
        code,
        document: { format: 'mailsync-error', code: kind },
      })
  })

  test.each([
    ['a bug of an adapter at its start', 'undefined.x', 70],
    ['a bug of an adapter while it reads', '{ read: async () => undefined.x }', 70],
  ])('%s', async (_, provider, code) => {
    await space.write('mailsync.yaml', SPEC.replace('[files]', '[own]').replace('{ algorithms: [ed25519] }', 'false'))
    await space.write('own.mjs', adapter(provider))
    for (const args of [['plan'], ['apply', '--yes'], ['providers', '--check']])
      expect([args[0], (await space.run(args)).code]).toEqual([args[0], code])
  })
})

test('a command line that is wrong is one document too', async () => {
  const { code, document } = await json(['plan', '--parallel', '0'])
  expect({ code, document }).toMatchObject({ code: 1, document: { format: 'mailsync-error', code: 'usage' } })
})

test('a plan that is stopped before every zone was read is no plan', async () => {
  await space.write('mailsync.yaml', SPEC.replace('[files]', '[own]'))
  await space.write('own.mjs', adapter(`{ read: async (zone, signal) => signal.throwIfAborted() }`))
  const { code, document } = await json(['plan'], { signal: aborted })
  expect({ code, document }).toMatchObject({ code: 1, document: { format: 'mailsync-error', code: 'cancelled' } })
})
