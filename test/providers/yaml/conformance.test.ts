import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe } from 'vitest'
import { plugin } from '../../../providers/yaml/index.js'
import { octodnsZone, readZoneFile } from '../../../providers/yaml/zone-text.js'
import type { Name } from '../../../records/rr/name.js'
import { isKnown, keyOf, type RRset } from '../../../records/rr/rrset.js'
import { certify } from '../../conformance/certify.js'

describe('yaml', () => {
  certify(
    { on: 'zone files of octoDNS', kind: 'files' },
    {
      plugin,
      can: {
        putForeign: true,
        putLocked: true,
        countWrites: 'a file is replaced whole, so there is one write',
        check: true,
        loseReply: 'a file sends no reply; what a crash leaves is in yaml/crash.test.ts',
        cutRead: 'a file is read whole or not at all',
      },
      open: async (zone: Name, seed: readonly RRset[]) => {
        const directory = await mkdtemp(join(tmpdir(), 'mailsync-yaml-'))
        const file = join(directory, `${zone}yaml`)
        await mkdir(dirname(file), { recursive: true })
        await writeFile(file, octodnsZone(zone, seed))
        return {
          provider: await plugin.connect(plugin.options({ directory: '.' }), { directory, zones: [zone] }),
          edit: async (rrsets) => {
            const before = readZoneFile(await readFile(file, 'utf8'), zone).filter(isKnown)
            const held = new Map(before.map((rrset) => [keyOf(rrset), rrset]))
            for (const rrset of rrsets) held.set(keyOf(rrset), rrset)
            await writeFile(file, octodnsZone(zone, [...held.values()]))
          },
          putForeign: async (name) => {
            const record = 'ttl: 300\n  type: SSHFP\n  value: { algorithm: 4, fingerprint: abcd, fingerprint_type: 2 }'
            const text = await readFile(file, 'utf8')
            await writeFile(file, text.replace(/^---\n({}\n)?/, `---\n${name.split('.')[0]}:\n  ${record}\n`))
            return 'SSHFP'
          },
          putLocked: async (name) => {
            const record = 'ttl: 300\n  type: A\n  value: 192.0.2.99\n  geo: { EU: [192.0.2.98] }'
            const text = await readFile(file, 'utf8')
            await writeFile(file, text.replace(/^---\n({}\n)?/, `---\n${name.split('.')[0]}:\n  ${record}\n`))
          },
          close: () => rm(directory, { recursive: true }),
        }
      },
    },
  )
})
