import { accessSync, chmodSync, constants, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileError } from '../../../providers/files/file-error.js'
import { FILE_LIMITS, readRegularFile } from '../../../providers/files/read-file.js'
import type { Sample } from './metric.js'

/** A sample of an earlier run; its name has the suffix: `mailsync_calls_total`. */
export interface EarlierSample extends Sample {
  readonly name: string
}

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

/** Throws `io` where the file could not be written, before a run has done anything. */
export function assertWritable(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK)
  } catch (error) {
    throw fileError(Object.assign(error as Error, { path: file }), file)
  }
}

/**
 * Replaces the file at once, readable by everybody, as a collector runs as another user. The draft beside it does not end as
 * the file does, or the collector would read that too. Throws `io`.
 */
export function saveMetrics(file: string, text: string): void {
  const draft = `${file}.${crypto.randomUUID()}.new`
  try {
    writeFileSync(draft, text, { flag: 'wx' })
    chmodSync(draft, 0o644)
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw fileError(Object.assign(error as Error, { path: file }), file)
  }
}

function textOf(file: string): string {
  try {
    return Buffer.from(readRegularFile(file, FILE_LIMITS.plan)).toString('utf8')
  } catch {
    return ''
  }
}
