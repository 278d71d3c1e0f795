import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { a } from '../../../conformance/rrsets.js'
import { never, ZONE } from '../../../conformance/subject.js'
import { type CallListener, callsOf } from '../../../providers/calls/calls.js'
import type { Provider } from '../../../providers/provider.js'
import type { Name } from '../../../records/rr/name.js'
import type { Change } from '../../../records/rr/rrset.js'
import { isOctodnsAvailable, missingOctodns } from '../../servers/octodns.js'
import { connectTo } from './connect-to.js'

const ZONES = [ZONE, ...Array.from({ length: 9 }, (_, index) => `z${index}.example.` as Name)]
const mail: readonly Change[] = [{ kind: 'create', after: a('mail', ['192.0.2.10']) }]

let folder: string
let provider: Provider | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailsync-process-'))
  vi.stubEnv('PYTHONPATH', resolve('test/providers/octodns/python'))
  const www = { name: 'www', type: 'A', ttl: 300, value: '192.0.2.80' }
  await writeFile(join(folder, 'zones.json'), JSON.stringify(Object.fromEntries(ZONES.map((zone) => [zone, [www]]))))
})
afterEach(async () => {
  await provider?.close?.()
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

const connected = async (fault: string): Promise<Provider> => {
  const [store, pid] = [join(folder, 'zones.json'), join(folder, 'pid')]
  provider = await connectTo({ class: 'mailsync_faulty.FaultyProvider', store, pid, fault })
  return provider
}

/** Of each object of the class that was made, the process it was made in. */
const objects = async (): Promise<string[]> => (await readFile(join(folder, 'pid.all'), 'utf8')).trim().split('\n')

function cases(): void {
  test('one Python is started, for all that is read and written, and each operation has an object of its own', async () => {
    const { zones, read, write } = await connected('')
    await zones(never)
    await Promise.all(ZONES.map((zone) => read(zone, never)))
    expect(await write(ZONE, mail, never)).toEqual({ applied: mail })
    const made = await objects()
    expect(new Set(made).size).toBe(1)
    // To open, to list, the reads, to write, and to read back.
    expect(made.length).toBeGreaterThanOrEqual(ZONES.length + 4)
  })

  test('each operation counts as one call, whatever octoDNS asks of it', async () => {
    const called: string[] = []
    const listener: CallListener = {
      called: ({ what, outcome }) => called.push(`${what}: ${outcome}`),
      waits: () => {},
      works: () => {},
    }
    const options = { class: 'mailsync_faulty.FaultyProvider', store: join(folder, 'zones.json'), fault: '' }
    provider = await connectTo(options, {}, { calls: (account) => callsOf(account, { listener }) })
    await provider.zones(never)
    await provider.read(ZONE, never)
    await provider.write(ZONE, mail, never)
    // The write is read back.
    const [prepared, committed, again] = [`prepare ${ZONE}: ok`, 'commit: ok', `read ${ZONE}: ok`]
    expect(called).toEqual(['zones: ok', `read ${ZONE}: ok`, prepared, committed, again])
  })

  test('two zones are in flight at the same time', async () => {
    const { read } = await connected('meet')
    // Each waits until the other is being read too, and fails where that does not come.
    const [one, other] = await Promise.all(ZONES.slice(0, 2).map((zone) => read(zone, never)))
    expect([one?.length, other?.length]).toEqual([1, 1])
    expect(new Set(await objects()).size).toBe(1)
  })
}

if (isOctodnsAvailable) describe('the process of a provider', cases)
else describe.skip(missingOctodns(), () => test('skipped', () => {}))
