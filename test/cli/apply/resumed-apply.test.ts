import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { BUILT_CLI, type Ran, type Workspace, workspace } from '../workspace.js'

let space: Workspace
afterEach(() => space.remove())

/** Keeps its zones in files, notes what it is asked, and kills its own process in the middle of the write that KILL_AT names. */
const ADAPTER = `import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
const at = (zone) => new URL('./' + zone + 'json', import.meta.url)
const note = (line) => appendFileSync(new URL('./asked.log', import.meta.url), line + '\\n')
const load = (zone) => (existsSync(at(zone)) ? JSON.parse(readFileSync(at(zone), 'utf8')) : [])
const key = ({ name, type }) => name + ' ' + type
const subject = (change) => (change.kind === 'delete' ? change.before : change.after)
let writes = 0
export default { type: 'own', description: '', optionDocs: [], options: () => ({}),
  traits: { types: ['A', 'AAAA', 'MX', 'TXT'], write: 'per-rrset', compareAndSwap: false, ttl: { min: 60, max: 86400 } },
  connect: async () => ({
    read: async (zone) => { note('read ' + zone); return load(zone) },
    write: async (zone, changes) => {
      note('write ' + zone)
      for (const change of changes) {
        const rest = load(zone).filter((rrset) => key(rrset) !== key(subject(change)))
        writeFileSync(at(zone), JSON.stringify(change.kind === 'delete' ? rest : [...rest, change.after]))
        writes += 1
        if (process.env.KILL_AT === String(writes)) process.kill(process.pid, 'SIGKILL')
      }
      return { applied: changes }
    },
  }) }
`
const NAMES = Array.from({ length: 6 }, (_, index) => `zone${index}.example`)
const SPEC = `providers: { own: { class: ./own.mjs } }
zones: { ${NAMES.map((name) => `${name}: { targets: [own] }`).join(', ')} }
defaults: { dkim: false, dmarc: false }
domains: { ${NAMES.map((name) => `${name}: { mail: none }`).join(', ')} }
`

async function run(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran & { signal: string | null }> {
  const child = spawn(process.execPath, [BUILT_CLI, ...args, '--config', space.path('mailsync.yaml')], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { code: code as number, signal: signal as string | null, stdout, stderr }
}

async function planned(): Promise<string> {
  space = await workspace({ 'mailsync.yaml': SPEC, 'own.mjs': ADAPTER })
  const file = space.path('plan.json')
  expect((await run(['plan', '--out', file])).code).toBe(0)
  await space.write('asked.log', '')
  return file
}

const asked = async (): Promise<string[]> => (await space.read('asked.log')).split('\n').filter((line) => line !== '')
const apply = (file: string, env?: Record<string, string>) => run(['apply', file, '--yes', '--parallel', '1'], env)

describe('a saved plan whose run was killed', () => {
  // A zone is three changes: what is remembered before, the records, what is remembered after.
  test.each([1, 2, 3, 8])('in the middle of write %i goes on with the zones that are left', async (at) => {
    const file = await planned()
    expect((await apply(file, { KILL_AT: String(at) })).signal).toBe('SIGKILL')
    const written = (await asked()).filter((line) => line.startsWith('write '))
    const begun = new Set(written)
    await space.write('asked.log', '')

    const { code, stderr } = await apply(file)
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const readAgain = (await asked()).filter((line) => line.startsWith('read '))
    // What was finished is not read again; the zone that was being written is.
    expect(readAgain.length).toBe(NAMES.length - begun.size + 1)
    if (begun.size > 1) expect(stderr).toMatch(new RegExp(`${begun.size - 1} zones? of 6 done`))
    expect(existsSync(`${file}.done`)).toBe(false)
    await space.write('asked.log', '')
    const { stdout } = await run(['plan'])
    expect(stdout).toContain('Nothing to do: 6 zones')
  })

  test('does nothing of what somebody did meanwhile in a zone that was not begun', async () => {
    const file = await planned()
    await apply(file, { KILL_AT: '4' })
    await space.write(
      'zone5.example.json',
      JSON.stringify([{ name: 'zone5.example.', type: 'TXT', ttl: 300, rdata: ['v=spf1 +all'] }]),
    )
    const { code, stderr } = await apply(file)
    expect(code).toBe(3)
    expect(stderr).toContain('stale')
    expect(existsSync(`${file}.done`)).toBe(true)
  })

  test('forgets what another plan did', async () => {
    const file = await planned()
    await apply(file, { KILL_AT: '7' })
    expect((await run(['plan', '--out', file])).code).toBe(0)
    const { code, stderr } = await apply(file)
    expect(code).toBe(0)
    expect(stderr).not.toContain('Going on')
    expect(existsSync(`${file}.done`)).toBe(false)
  })

  test('goes on where the last line of the journal is torn', async () => {
    const file = await planned()
    await apply(file, { KILL_AT: '7' })
    await space.write('plan.json.done', `${await space.read('plan.json.done')}{"done":"zo`)
    expect((await apply(file)).code).toBe(0)
  })
})

test('a journal that cannot be read stops the run before it writes', async () => {
  const file = await planned()
  await space.write('plan.json.done/in-the-way', '')
  const { code, stderr } = await apply(file)
  expect(code).toBe(1)
  expect(stderr).toContain('plan.json.done')
  expect((await asked()).filter((line) => line.startsWith('write '))).toEqual([])
})

test('a plan that is carried out in one go leaves no journal', async () => {
  const file = await planned()
  expect((await apply(file)).code).toBe(0)
  expect(existsSync(`${file}.done`)).toBe(false)
})
