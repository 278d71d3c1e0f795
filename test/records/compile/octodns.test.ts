import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { plugin } from '../../../providers/yaml/index.js'
import { octodnsZone } from '../../../providers/yaml/zone-text.js'
import { compile } from '../../../records/compile.js'
import { canonical, compareRRsets } from '../../../records/rr/rrset.js'
import { KEYS, rawSpec, specFrom } from '../../worlds/arbitrary-spec.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailsync-octodns-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('what compile writes as octoDNS YAML, the yaml adapter reads as the same RRsets', async () => {
  await fc.assert(
    fc.asyncProperty(rawSpec, async (raw) => {
      const spec = specFrom(raw)
      const targets = new Map([...spec.zones].map(([zone, zoneSpec]) => [zone, zoneSpec.targets]))
      const { zones } = compile(spec, KEYS, targets)
      const provider = await plugin.connect(plugin.options({ directory: folder }), { directory: folder, zones: [] })
      for (const [zone, records] of zones) {
        const rrsets = records.map(({ rrset }) => rrset)
        const file = join(folder, `${zone}yaml`)
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, octodnsZone(zone, rrsets))
        const read = await provider.read(zone, new AbortController().signal)
        expect(read).toEqual(rrsets.map(canonical).sort(compareRRsets))
      }
    }),
    { numRuns: 25 },
  )
})
