import { afterEach, describe, expect, test } from 'vitest'
import { progressLine } from '../../src/progress.js'
import type { RunEvent } from '../../src/watch/run-event.js'
import { openWatch } from '../../src/watch/watch.js'

let now = 0
const shown: string[] = []
const events: RunEvent[] = []

function begin(isTerminal = true, signal = new AbortController().signal) {
  now = 0
  const watch = openWatch({ clock: () => now, signal })
  watch.listen((event) => events.push(event))
  const err = {
    write: (text: string) => void shown.push(text.replace('\r\u001b[2K', '')),
    isTerminal,
    colour: false,
    columns: 80,
  }
  return { watch, progress: progressLine({ err, watch }, 'reading zones') }
}
const at = (milliseconds: number, work: () => void): string | undefined => {
  now = milliseconds
  work()
  return shown.at(-1)
}
afterEach(() => {
  shown.length = 0
  events.length = 0
})

describe('the line of progress', () => {
  test('has the rate and the time that is left', () => {
    const { progress } = begin()
    expect(at(500, () => progress.update(40, 50_000))).toBe('reading zones 40/50,000 (0 %)')
    for (let second = 1; second <= 50; second++) at(second * 1000, () => progress.update(second * 84, 50_000))
    expect(shown.at(-1)).toBe('reading zones 4,200/50,000 · 84/s · 9 min left')
    progress.end()
    expect(shown.at(-1)).toBe('')
  })

  test('stands still once the user has stopped, when what is left out would count as done', () => {
    const stop = new AbortController()
    const { progress } = begin(true, stop.signal)
    const before = at(500, () => progress.update(33, 200))
    stop.abort()
    expect(at(1000, () => progress.update(197, 200))).toBe(before)
    progress.end()
    expect(shown.at(-1)).toBe('')
  })

  test('is not blown about by a burst, nor by a pause', () => {
    const { progress } = begin()
    for (let second = 1; second <= 60; second++) at(second * 1000, () => progress.update(second * 10, 10_000))
    expect(at(60_500, () => progress.update(700, 10_000))).toMatch(/ · 1[0-4]\/s · /)
    expect(at(70_000, () => progress.update(701, 10_000))).toMatch(/ · (?:8|9)(?:\.\d)?\/s · |1[01]\/s/)
  })

  test('counts down while a rate limit is waited for, and goes on then', () => {
    const { progress, watch } = begin()
    at(1000, () => progress.update(10, 100))
    expect(at(2000, () => watch.tell({ event: 'rate-limit.wait', provider: 'cf', seconds: 252 }))).toBe(
      'reading zones 10/100 · waiting for the rate limit of cf · 4:12',
    )
    expect(at(62_000, () => progress.update(10, 100))).toMatch(/waiting for the rate limit of cf · 3:12$/)
    expect(at(255_000, () => progress.update(12, 100))).toMatch(/^reading zones 12\/100 · \d+\/min · .* left$/)
    progress.end()
  })

  test('tells what a provider is at work on, and how far it is, also for one zone', () => {
    const { progress, watch } = begin()
    at(0, () => progress.update(0, 1))
    const works = (percent?: number): void =>
      watch.tell({
        event: 'action.wait',
        provider: 'dns',
        what: 'create mail.example.com. A',
        ...(percent !== undefined && { percent }),
      })
    expect(at(1500, () => works(50))).toBe('reading zones 0/1 · dns is to create mail.example.com. A (50 %)')
    expect(at(2500, () => works(75))).toBe('reading zones 0/1 · dns is to create mail.example.com. A (75 %)')
    expect(at(3500, () => works())).toBe('reading zones 0/1 · dns is to create mail.example.com. A')
    progress.end()
    expect(shown.at(-1)).toBe('')
  })

  test('shows no wait of one call while other work goes on', () => {
    const { progress, watch } = begin()
    at(4000, () => progress.update(10, 100))
    expect(at(4100, () => watch.tell({ event: 'rate-limit.wait', provider: 'cf', seconds: 9 }))).toMatch(/10\/100 · /)
    expect(at(4300, () => progress.update(11, 100))).toMatch(/^reading zones 11\/100 · 2\.6\/s · /)
    progress.end()
  })

  test('is drawn ten times a second at most', () => {
    const { progress } = begin()
    for (let step = 0; step < 1000; step++) at(step, () => progress.update(step, 1000))
    expect(shown.length).toBeLessThanOrEqual(11)
  })

  test('is not there for one piece, nor where nobody looks', () => {
    at(1000, () => begin().progress.update(1, 1))
    const { progress, watch } = begin(false)
    progress.update(1, 100)
    watch.tell({ event: 'rate-limit.wait', provider: 'cf', seconds: 9 })
    progress.end()
    expect(shown).toEqual([])
  })

  test('tells once how long the work took', () => {
    const { progress } = begin()
    now = 4000
    progress.end()
    progress.end()
    expect(events).toEqual([{ event: 'phase.end', phase: 'reading zones', seconds: 4 }])
  })
})
