import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { Unreadable } from '../../../providers/files/file-error.js'
import { readRegularFile } from '../../../providers/files/read-file.js'
import { MailsyncError } from '../../../records/error.js'
import { findFiles } from './files/find-files.js'
import { type Piece, readPiece } from './files/read-piece.js'
import { REPORT_LIMITS } from './limits.js'
import type { AggregateReport } from './report.js'

/** What is in the files that were named, beside the reports. */
export interface ReadReports {
  /** Each counted once, however often it is there. */
  readonly reports: number
  /** Reports that were there again. */
  readonly duplicates: number
  /** What could not be read, and why, as a sentence without its end. */
  readonly faults: readonly ReportFault[]
  /** Files in folders, and messages in mailboxes, that hold no report. */
  readonly others: number
}

export interface ReportFault {
  /** The file, and where in it: `reports.mbox, message 3, google.zip`. */
  readonly label: string
  readonly reason: string
}

export interface ReadOptions {
  /** Is given each report once. */
  readonly take: (report: AggregateReport) => void
  /** What `-` and `/dev/stdin` stand for. */
  readonly input: (() => Readable) | undefined
  readonly signal: AbortSignal
  /** Told how many files were read, of how many. */
  readonly onProgress?: (done: number, total: number) => void
}

const STANDARD_INPUT: ReadonlySet<string> = new Set(['-', '/dev/stdin'])

/**
 * Reads the reports in files and folders. What is damaged is told, and the rest is used. A report is known by who sent it, its
 * id and its domain; of two that differ the first counts.
 *
 * Throws {@link MailsyncError} `io` where a path leads nowhere, `cancelled` when `signal` aborts.
 */
export async function readReports(paths: readonly string[], options: ReadOptions): Promise<ReadReports> {
  const named = paths.flatMap((path) => {
    const { isFolder, files } = STANDARD_INPUT.has(path) ? { isFolder: false, files: [path] } : findFiles(path)
    return files.map((file) => ({ file, isFolder }))
  })
  const faults: ReportFault[] = []
  const known = new Map<string, string>()
  let [reports, duplicates, others] = [0, 0, 0]
  for (const [index, { file, isFolder }] of named.entries()) {
    options.onProgress?.(index, named.length)
    const piece = await open(file, options)
    for await (const found of 'reason' in piece ? [] : readPiece(piece)) {
      if (options.signal.aborted) throw new MailsyncError('cancelled', 'stopped while reading reports')
      const { label } = found
      if ('fault' in found) faults.push({ label, reason: found.fault })
      else if ('other' in found) {
        const isAsked = !isFolder && label === piece.label
        if (isAsked) faults.push({ label, reason: `it is no report: ${found.other}` })
        else others += 1
      } else {
        const { org, id, domain } = found.report
        const key = JSON.stringify([org, id, domain])
        const content = createHash('sha256').update(JSON.stringify(found.report)).digest('base64')
        const before = known.get(key)
        if (before === undefined) {
          known.set(key, content)
          reports += 1
          options.take(found.report)
        } else if (before === content) duplicates += 1
        else
          faults.push({
            label,
            reason: 'a report of the same sender and id says something else, and was read before it',
          })
      }
    }
    if ('reason' in piece) faults.push(piece)
  }
  return { reports, duplicates, faults, others }
}

async function open(file: string, { input, signal }: ReadOptions): Promise<Piece | ReportFault> {
  if (STANDARD_INPUT.has(file)) return { label: 'standard input', octets: await readInput(input?.(), signal) }
  try {
    return { label: file, octets: readRegularFile(file, REPORT_LIMITS.file) }
  } catch (error) {
    if (error instanceof Unreadable) return { label: file, reason: error.message }
    return { label: file, reason: (error as Error).message }
  }
}

async function readInput(input: Readable | undefined, signal: AbortSignal): Promise<Uint8Array> {
  if (!input) throw new MailsyncError('usage', 'there is no standard input to read a report from')
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of input as AsyncIterable<Uint8Array>) {
    length += piece.length
    if (signal.aborted) throw new MailsyncError('cancelled', 'stopped while reading reports')
    if (length > REPORT_LIMITS.file) throw new MailsyncError('io', 'standard input is larger than 512 MiB')
    pieces.push(piece)
  }
  return Buffer.concat(pieces, length)
}
