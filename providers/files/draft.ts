import { basename, dirname, join } from 'node:path'

const DRAFT = /^\.new-[\da-f]+-(.+)$/s

/** Where a file is written before it gets its own name: beside it, under a name that no other run takes. */
export function draftPath(file: string): string {
  return join(dirname(file), `.new-${crypto.randomUUID().replaceAll('-', '')}-${basename(file)}`)
}

/** The name of the file that the file `name` is a draft of; undefined where it is none. */
export function draftOf(name: string): string | undefined {
  return DRAFT.exec(name)?.[1]
}
