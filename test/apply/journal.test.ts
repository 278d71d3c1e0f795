import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Journal, openJournal } from '../../src/apply/journal.js'
import type { ZoneOutcome } from '../../src/apply/result.js'

const ZONE = { zone: 'example.com.', provider: 'dns' }
const WHOLE = { ...ZONE, applied: [], pending: [], uncertain: [] } as unknown as ZoneOutcome

describe('the journal beside a saved plan', () => {
  let folder: string
  let told: string[]
  const path = (file: string): string => join(folder, file)
  const open = (): Journal => openJournal(path('plan.json'), (message) => told.push(message))
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailsync-journal-'))
    told = []
    writeFileSync(path('plan.json'), '{}')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test('tells the next run what is begun and what is done, and only its owner', () => {
    const journal = open()
    journal.begin(ZONE)
    expect(open().isBegun(ZONE)).toBe(true)
    journal.end(WHOLE)
    expect(open().isDone(ZONE)).toBe(true)
    expect(statSync(path('plan.json.done')).mode & 0o777).toBe(0o600)
    expect(told).toEqual([])
  })

  test('goes on after a line that is torn', () => {
    open().begin(ZONE)
    writeFileSync(path('plan.json.done'), `${readFileSync(path('plan.json.done'), 'utf8')}{"begun":"examp`)
    const next = { zone: 'example.net.', provider: 'dns' }
    open().begin(next)
    expect([open().isBegun(ZONE), open().isBegun(next)]).toEqual([true, true])
  })

  test('is begun anew for another plan', () => {
    open().begin(ZONE)
    writeFileSync(path('plan.json'), '{"other":true}')
    const journal = open()
    expect(journal.isBegun(ZONE)).toBe(false)
    journal.begin(ZONE)
    expect(open().isBegun(ZONE)).toBe(true)
  })

  test('writes over no file of somebody else, nor through a link to one, and takes none away', () => {
    writeFileSync(path('precious'), 'precious')
    for (const place of [
      () => writeFileSync(path('plan.json.done'), 'precious'),
      () => symlinkSync(path('precious'), path('plan.json.done')),
    ]) {
      rmSync(path('plan.json.done'), { force: true })
      place()
      const journal = open()
      journal.begin(ZONE)
      journal.end(WHOLE)
      journal.close([WHOLE])
      expect(readFileSync(path('plan.json.done'), 'utf8')).toBe('precious')
      expect(readFileSync(path('precious'), 'utf8')).toBe('precious')
    }
    expect(told).toHaveLength(2)
    expect(told[0]).toContain('a run that is stopped cannot go on where it was')
  })

  test('follows no link to nothing', () => {
    symlinkSync(path('elsewhere'), path('plan.json.done'))
    open().begin(ZONE)
    expect(told).toHaveLength(1)
    expect(() => statSync(path('elsewhere'))).toThrow('ENOENT')
  })

  test('waits for no pipe', () => {
    execFileSync('sh', ['-c', 'mkfifo "$0"', path('plan.json.done')])
    expect(open).toThrow(expect.objectContaining({ code: 'io' }))
  })
})
