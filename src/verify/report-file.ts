import * as z from 'zod'
import { fileError } from '../../providers/files/file-error.js'
import { FILE_LIMITS, readRegularFile } from '../../providers/files/read-file.js'
import { MailsyncError } from '../../records/error.js'
import { narrowed } from '../plan/schema/narrowed-schema.js'
import { verification } from '../plan/schema/verify-schema.js'
import type { VerifyReport } from './report.js'

const FORMAT = 'mailsync-verify'

const reportSchema = z.object({
  format: z.literal(FORMAT),
  version: z.literal(1),
  ...verification.shape,
  spec: z.string(),
  narrowed: z.array(narrowed),
})

/** What one shard saw, as it saved it. */
export type SavedReport = VerifyReport & Required<Pick<VerifyReport, 'spec' | 'narrowed'>>

/** Whether a file looks like a report, and not like a plan. Throws `io`. */
export function isReportFile(file: string): boolean {
  return new RegExp(`^\\s*\\{\\s*"format":\\s*"${FORMAT}"`).test(read(file).subarray(0, 200).toString())
}

/** Reads what a shard saved. Throws `io`, and `usage` for what is none. */
export function readReportFile(file: string): SavedReport {
  try {
    const { checks, domains, spec, narrowed } = reportSchema.parse(JSON.parse(read(file).toString()))
    return { checks, domains, spec, narrowed }
  } catch (cause) {
    if (cause instanceof MailsyncError) throw cause
    throw new MailsyncError('usage', `${file} is no report of a shard`, {
      where: { file },
      hint: 'make one with `mailsync verify --shard 1/8 --out FILE`; plans and reports are merged apart',
      cause,
    })
  }
}

function read(file: string): Buffer {
  try {
    return readRegularFile(file, FILE_LIMITS.plan)
  } catch (error) {
    throw fileError(error, file)
  }
}
