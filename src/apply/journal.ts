import { createHash } from 'node:crypto'
import { closeSync, constants, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { fileError, Unreadable } from '../../providers/files/file-error.js'
import { FILE_LIMITS, readIfThere, readRegularFile } from '../../providers/files/read-file.js'
import type { Plan } from '../plan/plan.js'
import type { ZoneOutcome } from './result.js'

interface Place {
  readonly zone: string
  readonly provider: string
}

/**
 * What a saved plan has done so far, in a file beside it: `plan.json.done`. A line is on its way to the disk before the next
 * write begins, so that a run that is killed goes on where it stopped. It holds for this very plan, and is gone once all of it is done.
 */
export interface Journal {
  /** Whether an earlier run has finished a zone. */
  isDone(zone: Place): boolean
  /** Whether an earlier run has begun to write a zone: how far it came is not known. */
  isBegun(zone: Place): boolean
  begin(zone: Place): void
  /** Takes how a zone ended; it is done where all its changes are known to be applied. */
  end(outcome: ZoneOutcome): void
  /** Takes the file away where everything is done. */
  close(outcomes: readonly ZoneOutcome[]): void
}

/**
 * Opens the journal of a plan file. Throws `io` where one is there that cannot be read.
 *
 * @param report told once where nothing can be written beside the plan: then it is carried out all the same
 */
export function openJournal(planFile: string, report: (message: string) => void): Journal {
  const file = `${planFile}.done`
  const plan = createHash('sha256').update(readRegularFile(planFile, FILE_LIMITS.plan)).digest('hex')
  const before = textOf(file)
  const [head, ...lines] = before.split('\n').flatMap(parsed)
  const isJournal = head?.format === FORMAT
  let isOpen = isJournal && head.plan === plan
  const earlier = isOpen ? lines : []
  const begun = new Set(earlier.flatMap(({ begun: place }) => place ?? []))
  const done = new Set(earlier.flatMap(({ done: place }) => place ?? []))
  let isTorn = isOpen && !before.endsWith('\n')
  let isLost = false
  const start = (): void => {
    if (isJournal) rmSync(file)
    else if (before !== '') throw new Unreadable(file, 'it is no journal of mailsync', 'name it otherwise')
    const first = { format: FORMAT, version: 1, plan }
    writeFileSync(file, `${JSON.stringify(first)}\n`, { flag: 'wx', mode: 0o600 })
    isOpen = true
  }
  const add = (line: Line): void => {
    if (isLost) return
    try {
      if (!isOpen) start()
      append(file, `${isTorn ? '\n' : ''}${JSON.stringify(line)}\n`)
      isTorn = false
    } catch (error) {
      isLost = true
      const { message } = fileError(error, file) as Error
      report(`${message}; a run that is stopped cannot go on where it was`)
    }
  }
  return {
    isDone: (zone) => done.has(placeOf(zone)),
    isBegun: (zone) => begun.has(placeOf(zone)),
    begin: (zone) => {
      if (!begun.has(placeOf(zone))) add({ begun: placeOf(zone) })
      begun.add(placeOf(zone))
    },
    end: (outcome) => {
      if (isWhole(outcome) && !outcome.byHand) add({ done: placeOf(outcome) })
    },
    close: (outcomes) => {
      if (isOpen && outcomes.every(isWhole)) rmSync(file, { force: true })
    },
  }
}

/** The part of a plan that no earlier run has finished. */
export function withoutDone(plan: Plan, journal: Journal): Plan {
  return { ...plan, zones: plan.zones.filter((zone) => !journal.isDone(zone)) }
}

function isWhole({ pending, uncertain, failure }: ZoneOutcome): boolean {
  return failure === undefined && pending.length + uncertain.length === 0
}

const FORMAT = 'mailsync-journal'

/** Never through a symbolic link. */
function append(file: string, text: string): void {
  const handle = openSync(file, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW)
  try {
    writeSync(handle, text)
  } finally {
    closeSync(handle)
  }
}

interface Line {
  readonly format?: string
  readonly plan?: string
  readonly begun?: string
  readonly done?: string
}

function placeOf({ zone, provider }: Place): string {
  return `${zone} ${provider}`
}

/** A line that is whole; the last one may be torn. */
function parsed(line: string): Line[] {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? [value] : []
  } catch {
    return []
  }
}

function textOf(file: string): string {
  try {
    return readIfThere(file, FILE_LIMITS.plan)?.toString() ?? ''
  } catch (error) {
    throw fileError(error, file)
  }
}
