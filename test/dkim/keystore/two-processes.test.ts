import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { verifyPrivateKeys } from '../../../src/dkim/keystore/private/verify-private-keys.js'
import { readKeys } from '../../../src/dkim/keystore/read-keys.js'
import { generate, NOW, scratch, wanted } from './scratch.js'

const folder = mkdtempSync(join(tmpdir(), 'mailsync-generator-'))
const script = join(folder, 'generator.cjs')
const { domain } = wanted('example.com.', '')

beforeAll(() =>
  build({
    stdin: {
      contents: `
        import { generateKeys } from './src/dkim/keystore/generate-keys.js'
        const [directory, calls] = process.argv.slice(2)
        const options = { now: ${NOW}, signal: new AbortController().signal, onProgress: () => console.log('made') }
        async function run() {
          for (const requests of JSON.parse(calls)) await generateKeys(directory, requests, options)
        }
        run()
      `,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: script,
  }),
)
afterAll(() => rmSync(folder, { recursive: true }))

/** A process of its own that calls `generateKeys` once for every list of requests. */
function start(directory: string, calls: ReturnType<typeof wanted>[][]): ChildProcess {
  return spawn(process.execPath, [script, directory, JSON.stringify(calls)], { stdio: ['ignore', 'pipe', 'inherit'] })
}

test('two processes lose no key of a domain, and agree on the ones both want', async () => {
  const directory = scratch()
  const numbers = Array.from({ length: 15 }, (_, number) => number)
  const callsOf = (run: string) =>
    numbers.map((number) => [wanted(domain, `both${number}`), wanted(domain, `${run}${number}`)])
  const runs = ['first', 'second'].map((run) => once(start(directory, callsOf(run)), 'exit'))
  expect((await Promise.all(runs)).map(([code]) => code)).toEqual([0, 0])
  const { keys, findings } = await readKeys(directory, [domain])
  expect(keys.map(({ selector }) => selector).sort()).toEqual(
    numbers.flatMap((number) => [`both${number}`, `first${number}`, `second${number}`]).sort(),
  )
  expect(findings).toEqual([])
  expect(await verifyPrivateKeys(directory, keys)).toEqual([])
})

test('a run that is killed is no obstacle to the next one, which keeps the keys the first one made', async () => {
  const directory = scratch()
  const requests = Array.from({ length: 20 }, (_, number) =>
    wanted(domain, `s${number}`, number < 3 ? 'ed25519' : 'rsa-2048'),
  )
  const run = start(directory, [requests])
  const killed = once(run, 'exit')
  let made = 0
  for await (const _ of createInterface({ input: run.stdout as NodeJS.ReadableStream }))
    if (++made === 3) run.kill('SIGKILL')
  expect(await killed).toEqual([null, 'SIGKILL'])
  const pem = readFileSync(join(directory, 'example.com', 's2.pem'), 'utf8')

  const keys = await generate(directory, ...requests.slice(0, 5))
  expect(keys).toHaveLength(5)
  expect(readFileSync(join(directory, 'example.com', 's2.pem'), 'utf8')).toBe(pem)
  expect(await verifyPrivateKeys(directory, keys)).toEqual([])
})
