import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import process from 'node:process'
import { crc32 } from 'node:zlib'

const DRAFT = /^\.new-[\da-f]+-(.+)$/s
/** The sum of the host's name and the process that made the draft, then what makes its name its own. */
const SIGNED = /^\.new-([\da-f]{8})([\da-f]{8})[\da-f]{16}-/

/** Where a file is written before it gets its own name: beside it, under a name that no other run takes. */
export function draftPath(file: string): string {
  const own = crypto.randomUUID().replaceAll('-', '').slice(16)
  return join(dirname(file), `.new-${thisHost()}${hex(process.pid)}${own}-${basename(file)}`)
}

/** The name of the file that the file `name` is a draft of; undefined where it is none. */
export function draftOf(name: string): string | undefined {
  return DRAFT.exec(name)?.[1]
}

/** The process of this machine that made a draft: its name tells so even where nothing was written into it. */
export function draftMaker(name: string): number | undefined {
  const [, host, pid] = SIGNED.exec(name) ?? []
  return pid !== undefined && host === thisHost() ? Number.parseInt(pid, 16) : undefined
}

function thisHost(): string {
  return hex(crc32(hostname()))
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0')
}
