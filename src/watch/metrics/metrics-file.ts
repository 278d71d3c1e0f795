import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { fileError, Unreadable } from '../../../providers/files/file-error.js'
import { FILE_LIMITS, readRegularFile } from '../../../providers/files/read-file.js'
import { behindLinks } from '../../../providers/files/write-file.js'
import type { Sample } from './metric.js'

/** A sample of an earlier run; its name has the suffix: `mailsync_calls_total`. */
export interface EarlierSample extends Sample {
  readonly name: string
}

/** What every file of ours begins with. */
const FIRST_LINE = '# TYPE mailsync_'

/** The samples of an earlier file; none where there is no file, or it is none of ours. */
export function readSamples(file: string): EarlierSample[] {
  return textOf(file)
    .split('\n')
    .flatMap((line) => {
      const [, name, labels, value] = /^(mailsync_[a-z_]+)\{(.*)\} (\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/.exec(line) ?? []
      if (name === undefined || labels === undefined) return []
      return [{ name, labels: labelsIn(labels), value: Number(value) }]
    })
}

function labelsIn(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([a-z_]+)="((?:\\.|[^"\\])*)"/g)]
  return Object.fromEntries(pairs.map(([, label, value]) => [label, unescaped(value as string)]))
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter))
}

/** Throws `io` where the file could not be written, or is none of ours, before a run has done anything. */
export function assertWritable(file: string): void {
  try {
    accessSync(isStream(file) ? file : dirname(behindLinks(file)), constants.W_OK)
    assertOurs(file)
  } catch (error) {
    throw fileError(Object.assign(error as Error, { path: file }), file)
  }
}

/**
 * Replaces the file at once, readable by everybody, as a collector runs as another user. The draft beside it does not end as
 * the file does, or the collector would read that too. A device or a pipe is written to as it is. Throws `io`.
 */
export function saveMetrics(path: string, text: string): void {
  const file = isStream(path) ? path : behindLinks(path)
  const draft = `${file}.${crypto.randomUUID()}.new`
  try {
    if (isStream(file)) {
      writeStream(file, text)
      return
    }
    assertOurs(file)
    writeFileSync(draft, text, { flag: 'wx' })
    chmodSync(draft, 0o644)
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw fileError(Object.assign(error as Error, { path }), path)
  }
}

/** Throws `ENXIO` for a pipe that nobody reads: it would be waited for, maybe for ever, once all the work is done. */
function writeStream(file: string, text: string): void {
  const handle = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK)
  try {
    writeFileSync(handle, text)
  } finally {
    closeSync(handle)
  }
}

/** `/dev/null`, `/dev/stdout`, a pipe: a file cannot take its place. */
function isStream(file: string): boolean {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats !== undefined && !stats.isFile() && !stats.isDirectory()
}

/** Refuses what other programs or people wrote, such as the spec: it would be gone. */
function assertOurs(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats?.isDirectory()) throw new Unreadable(file, 'it is a directory', 'name a file with --metrics')
  if (!stats?.isFile() || stats.size === 0) return
  if (!textOf(file).startsWith(FIRST_LINE))
    throw new Unreadable(
      file,
      'it holds something else than metrics of mailsync',
      'name another file with --metrics; this one is not replaced',
    )
}

function textOf(file: string): string {
  try {
    return Buffer.from(readRegularFile(file, FILE_LIMITS.plan)).toString('utf8')
  } catch {
    return ''
  }
}
