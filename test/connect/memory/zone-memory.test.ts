import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { never } from '../../../conformance/subject.js'
import { diffZone } from '../../../records/diff.js'
import type { MailRecord } from '../../../records/families/mail-record.js'
import type { Name } from '../../../records/rr/name.js'
import type { Change, RRset } from '../../../records/rr/rrset.js'
import { zoneWith } from '../../../records/rr/zone.js'
import { memoryBesideTheSpec } from '../../../src/connect/memory/zone-memory.js'

const ZONE = 'example.com.' as Name

describe('what is remembered beside the spec', () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'mailsync-test-'))
  })
  afterEach(() => rm(directory, { recursive: true }))

  const host = (label: string): MailRecord => ({
    rrset: { type: 'A', name: `${label}.${ZONE}` as Name, ttl: 300, rdata: ['192.0.2.1'] },
    purpose: 'host',
    from: ['hosts'],
  })
  /** The changes of the memory that lead to these records. */
  const memoryChanges = (held: readonly RRset[], desired: readonly MailRecord[]): Change[] =>
    diffZone({ zone: zoneWith(ZONE, held), desired, owner: 'default', manifestTtl: 300 })
      .edits.filter(({ edits }) => edits.length === 0)
      .map(({ change }) => change)

  test('is read as it was written, by this run and by the next', async () => {
    const many = Array.from({ length: 300 }, (_, index) => host(`a-rather-long-host-name-${index}`))
    const memory = memoryBesideTheSpec({ directory, provider: 'panel' })
    expect(await memory.read(ZONE)).toEqual([])
    const first = memoryChanges([], many)
    expect(first.length).toBeGreaterThan(1)
    expect(await memory.write(ZONE, first, never)).toEqual({ applied: first })
    expect(memoryChanges(await memory.read(ZONE), many)).toEqual([])

    const next = memoryBesideTheSpec({ directory, provider: 'panel' })
    const held = await next.read(ZONE)
    expect(memoryChanges(held, many)).toEqual([])
    const fewer = memoryChanges(held, many.slice(1))
    expect(await next.write(ZONE, fewer, never)).toEqual({ applied: fewer })
    const text = await readFile(join(directory, 'owned/panel/example.com.yaml'), 'utf8')
    expect(text.match(/A host$/gm)).toHaveLength(299)
  })

  test('is stale where another run has written meanwhile', async () => {
    const [one, two] = [1, 2].map(() => memoryBesideTheSpec({ directory, provider: 'panel' })) as [
      ReturnType<typeof memoryBesideTheSpec>,
      ReturnType<typeof memoryBesideTheSpec>,
    ]
    const changes = memoryChanges(await two.read(ZONE), [host('mail')])
    await one.write(ZONE, memoryChanges([], [host('other')]), never)
    expect((await two.write(ZONE, changes, never)).failure?.code).toBe('stale')
    expect(await readFile(join(directory, 'owned/panel/example.com.yaml'), 'utf8')).toContain('other.example.com.')
  })

  test('has a file a zone and provider, whatever their names', async () => {
    for (const [provider, zone] of [
      ['../../etc', ZONE],
      ['..', ZONE],
      ['a/b', '0/25.2.0.192.in-addr.arpa.' as Name],
    ] as const) {
      const memory = memoryBesideTheSpec({ directory, provider })
      const name = `mail.${zone}` as Name
      const rrset: RRset = { type: 'A', name, ttl: 300, rdata: ['192.0.2.1'] }
      const { edits } = diffZone({
        zone: zoneWith(zone, []),
        desired: [{ rrset, purpose: 'host', from: [] }],
        owner: 'default',
        manifestTtl: 300,
      })
      const changes = edits.filter((edit) => edit.edits.length === 0).map(({ change }) => change)
      expect((await memory.write(zone, changes, never)).failure).toBeUndefined()
      expect(await memory.read(zone)).toHaveLength(1)
    }
    expect(await readdir(directory)).toEqual(['owned'])
    expect((await readdir(join(directory, 'owned'))).sort()).toEqual(['%2E%2E', '%2E%2E%2F..%2Fetc', 'a%2Fb'])
  })

  test('is neither read nor written where a link leads it out of a checkout', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'mailsync-test-'))
    await writeFile(join(outside, 'example.com.yaml'), 'secret')
    await mkdir(join(directory, 'owned'))
    await symlink(outside, join(directory, 'owned/panel'))
    const memory = memoryBesideTheSpec({ directory, provider: 'panel', within: directory })
    await expect(memory.read(ZONE)).rejects.toMatchObject({ code: 'io', message: expect.stringContaining('outside') })
    const { failure } = await memory.write(ZONE, memoryChanges([], [host('mail')]), never)
    expect(failure?.code).toBe('io')
    expect(await readFile(join(outside, 'example.com.yaml'), 'utf8')).toBe('secret')
    await rm(outside, { recursive: true })
  })
})
