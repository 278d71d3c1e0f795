import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { never, ZONE } from '../../../conformance/subject.js'
import { FILE_LIMITS, readRegularFile } from '../../../providers/files/read-file.js'
import { plugin } from '../../../providers/yaml/index.js'
import { readSavedPlan } from '../../../src/apply/saved-plan.js'
import { loadSpec } from '../../../src/config/load-config.js'
import { readKeys } from '../../../src/dkim/keystore/read-keys.js'
import { zoneFileSource } from '../../../src/import/source/zone-file-source.js'
import { readSpecFile } from '../../../src/session.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mailsync-read-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)

test('a file is read up to its limit, and one octet more is refused', () => {
  writeFileSync(at('a'), 'x'.repeat(1024))
  expect(readRegularFile(at('a'), 1024)).toHaveLength(1024)
  expect(() => readRegularFile(at('a'), 1023)).toThrow('it is larger than')
})

test('a file behind a symbolic link is read', () => {
  writeFileSync(at('a'), 'text')
  symlinkSync('a', at('b'))
  expect(readRegularFile(at('b'), 10).toString()).toBe('text')
})

test.skipIf(process.platform !== 'linux')('a file that does not tell its size is read whole, and bounded', () => {
  const cpu = readRegularFile('/proc/self/maps', FILE_LIMITS.zoneFile).toString()
  expect(cpu.split('\n').length).toBeGreaterThan(20)
  expect(() => readRegularFile('/proc/self/maps', 100)).toThrow('it is larger than')
})

const UNREADABLE: [string, (file: string) => void, RegExp][] = [
  ['a pipe', (file) => spawnSync('sh', ['-c', 'mkfifo "$0"', file]), /not a regular file/],
  ['an endless device', (file) => symlinkSync('/dev/zero', file), /not a regular file/],
  ['a folder', (file) => mkdirSync(file), /director|folder/],
  [
    'a file without end',
    (file) => {
      writeFileSync(file, '')
      truncateSync(file, 2 ** 40)
    },
    /larger than \d+ MiB/,
  ],
]

test.skipIf(process.platform === 'win32').each(UNREADABLE)(
  '%s is refused wherever a file is read',
  async (_, make, why) => {
    mkdirSync(at('keys/example.com'), { recursive: true })
    const files = [
      `${ZONE}yaml`,
      'db.example.com',
      'plan.json',
      'mailsync.yaml',
      'part.yaml',
      'keys/example.com/public.json',
    ]
    for (const file of files) make(at(file))
    writeFileSync(at('whole.yaml'), 'providers: !include part.yaml\n')

    const zones = await plugin.connect(plugin.options({ directory: '.' }), { directory: folder, zones: [ZONE] })
    await expect(zones.read(ZONE, never)).rejects.toMatchObject({ code: 'io', message: why })
    await expect(zoneFileSource([at('db.example.com')], { domains: [ZONE], directory: folder })).rejects.toMatchObject({
      code: 'io',
      message: why,
    })
    await expect(readSavedPlan(at('plan.json'))).rejects.toMatchObject({ code: 'io', message: why })
    await expect(readKeys(at('keys'), [ZONE])).rejects.toMatchObject({ code: 'io', message: why })
    for (const spec of ['mailsync.yaml', 'whole.yaml'])
      expect((await loadSpec(at(spec), readSpecFile)).problems[0]).toMatchObject({ message: why })
  },
)
