import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compile } from '../../../records/compile.js'
import type { Name } from '../../../records/rr/name.js'
import type { MailSpec } from '../../../records/spec.js'
import { renderZoneFile } from '../../../src/render/zone-file.js'
import { load } from '../../config/load.js'
import { programPath } from '../../servers/dns-server.js'
import { KEYS, rawSpec, specFrom } from '../../worlds/arbitrary-spec.js'
import { keyOf } from './compiled.js'

const FIXTURE = 'test/fixtures/each-record'

/** The text of every zone a spec makes records for. */
function zoneFiles(spec: MailSpec, keys = KEYS): Map<Name, string> {
  const { zones } = compile(spec, keys, new Map([...spec.zones].map(([zone, { targets }]) => [zone, targets])))
  return new Map([...zones].map(([zone, records]) => [zone, renderZoneFile(zone, records, spec.ttl)]))
}

async function fixtureZones(): Promise<Map<Name, string>> {
  const { spec, problems } = await load(await readFile(`${FIXTURE}/mailsync.yaml`, 'utf8'))
  expect(problems).toEqual([])
  const key = { algorithm: 'ed25519', publicKey: '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=' } as const
  return zoneFiles(spec as MailSpec, [keyOf('xn--bcher-kva.example.', 's1', key)])
}

test('a spec with each kind of record makes exactly these zone files', async () => {
  const files = await readdir(FIXTURE)
  const zones = await fixtureZones()
  expect([...zones.keys()].map((zone) => `${zone}zone`)).toEqual(files.filter((file) => file.endsWith('.zone')).sort())
  for (const [zone, text] of zones) expect(text).toBe(await readFile(`${FIXTURE}/${zone}zone`, 'utf8'))
})

const program = programPath('named-checkzone')
const missing = 'NAMED-CHECKZONE IS NOT INSTALLED: apt-get install bind9-utils'
if (program === undefined && process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(missing)

describe.skipIf(program === undefined)(program === undefined ? missing : 'named-checkzone accepts', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailsync-zones-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  /** Every check but those that would ask the Internet; a warning is a failure. */
  async function check(zones: ReadonlyMap<Name, string>): Promise<void> {
    await Promise.all(
      [...zones].map(async ([zone, text]) => {
        const file = join(folder, zone.replaceAll('/', '-'))
        await writeFile(file, text)
        const args = ['-i', 'local', '-k', 'fail', '-m', 'fail', '-M', 'fail', '-n', 'fail', '-r', 'fail', '-S', 'fail']
        const { stdout } = await promisify(execFile)(program as string, [...args, zone, file])
        expect(stdout).toMatch(/^zone .*: loaded serial 1\nOK\n$/)
      }),
    )
  }

  test('every zone of that spec', async () => {
    await check(await fixtureZones())
  })

  test('every zone of any spec without errors', async () => {
    await fc.assert(
      fc.asyncProperty(rawSpec, (raw) => check(zoneFiles(specFrom(raw)))),
      { numRuns: 12 },
    )
  })
})
