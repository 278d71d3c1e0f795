import { execFile } from 'node:child_process'
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownAdapter } from './own-adapter.js'
import { BUILT_CLI } from './workspace.js'

const SPEC = `providers: { own: { class: ./adapter.mjs, file: zones.json } }
zones: { example.com: { targets: [own] } }
domains: { example.com: { mx: [mx.example.net], dkim: false, dmarc: false } }
`

let home: string
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'mailsync-home-')))
  await writeFile(join(home, 'mailsync.yaml'), SPEC)
  await writeFile(join(home, 'adapter.mjs'), ownAdapter())
  await writeFile(join(home, 'zones.json'), '{ "example.com.": [] }')
})
afterEach(() => rm(home, { recursive: true }))

async function run(command: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const settings = { cwd: home, env: { PATH: process.env.PATH, HOME: home, ...env } }
  const { stdout } = await promisify(execFile)(process.execPath, [BUILT_CLI, command], settings)
  return stdout
}

const folder = (command: string): string => join(home, '.cache/mailsync', command)
const kept = async (command: string): Promise<string[]> => (await readdir(folder(command)).catch(() => [])).sort()

test('code that was kept says the same as code that was not, an adapter of one’s own included', async () => {
  const first = await run('plan')
  const files = await kept('plan')
  expect(first).toContain('to create')
  expect(files.length).toBeGreaterThan(5)
  expect((await stat(folder('plan'))).mode & 0o777).toBe(0o700)
  expect(await run('plan')).toBe(first)
  expect(await kept('plan')).toEqual(files)
})

test('a command has its own, and one that fails keeps nothing', async () => {
  await run('compile')
  await rm(join(home, 'mailsync.yaml'))
  await expect(run('plan')).rejects.toThrow('mailsync.yaml')
  expect([(await kept('compile')).length > 5, await kept('plan')]).toEqual([true, []])
})

test('what is not as it was written is not run, and is written anew', async () => {
  const first = await run('plan')
  const sizes = await Promise.all(
    (await kept('plan')).map(async (file) => ({ file, size: (await stat(join(folder('plan'), file))).size })),
  )
  const { file } = sizes.reduce((a, b) => (b.size > a.size ? b : a))
  const path = join(folder('plan'), file)
  const before = await readFile(path)
  const torn = Buffer.from(before).fill(0, before.length / 2)
  const rotten = Buffer.from(before).fill(0xde, 20_000, 20_004)
  for (const text of [torn, rotten, Buffer.alloc(0), Buffer.from('no code'), before.subarray(0, before.length / 2)]) {
    await writeFile(path, text)
    expect(await run('plan')).toBe(first)
    const after = await readFile(path)
    expect([after.length > before.length / 2, after.equals(text)]).toEqual([true, false])
  }
})

test('nothing is kept where somebody else could have put it, or where it is not wanted', async () => {
  await run('plan', { NODE_DISABLE_COMPILE_CACHE: '1' })
  await run('plan', { HOME: '', XDG_CACHE_HOME: 'cache' })
  expect((await readdir(home)).sort()).toEqual(['adapter.mjs', 'mailsync.yaml', 'zones.json'])
  await mkdir(join(home, '.cache'))
  await chmod(join(home, '.cache'), 0o777)
  await run('plan')
  expect(await readdir(join(home, '.cache'))).toEqual([])
  await mkdir(join(home, 'elsewhere'))
  await symlink(join(home, 'elsewhere'), join(home, 'cache'))
  await run('plan', { XDG_CACHE_HOME: join(home, 'cache') })
  expect(await readdir(join(home, 'elsewhere'))).toEqual([])
})

test('what was kept and others may have changed since is not run', async () => {
  await run('plan')
  await chmod(join(home, '.cache/mailsync'), 0o777)
  const files = await kept('plan')
  for (const file of files) await writeFile(join(folder('plan'), file), 'theirs')
  await run('plan')
  for (const file of files) expect(await readFile(join(folder('plan'), file), 'utf8')).toBe('theirs')
})

test('what was written a month ago is removed when something is written', async () => {
  await run('plan')
  const [file = ''] = await kept('plan')
  await rename(join(folder('plan'), file), join(folder('plan'), 'of-an-older-version'))
  const old = Date.now() / 1000 - 40 * 24 * 60 * 60
  await utimes(join(folder('plan'), 'of-an-older-version'), old, old)
  await run('plan')
  expect(await kept('plan')).toContain(file)
  expect(await kept('plan')).not.toContain('of-an-older-version')
})

test('nothing is kept where no folder can be made, and no HOME is made for it', { timeout: 20_000 }, async () => {
  const first = await run('plan')
  for (const there of ['/proc', '/dev/null', join(home, 'nobody')])
    expect(await run('plan', { HOME: there })).toBe(first)
  expect(await readdir(home)).not.toContain('nobody')
})

test('what cannot be put in its place leaves nothing behind', async () => {
  await run('plan')
  const [file = ''] = await kept('plan')
  await rm(folder('plan'), { recursive: true })
  await mkdir(join(folder('plan'), file), { recursive: true, mode: 0o700 })
  await run('plan')
  expect((await kept('plan')).filter((name) => /\.\d+$/.test(name))).toEqual([])
})
