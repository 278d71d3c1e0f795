import { type Field, readFields, writeFields } from '../field-list.js'
import { none, type Reading, readTxt } from '../reading.js'
import { isOfVersion } from '../tag-list.js'

/** What `_mta-sts` says: that there is a policy, and which (RFC 8461 §3.1). */
export interface StsRecord {
  /** 1 to 32 letters and digits. */
  readonly id: string
  /** Fields that senders ignore. */
  readonly extensions: readonly Field[]
}

const SECTION = 'RFC 8461 §3.1'
const VERSION = 'v=STSv1'
/** What an id may be. */
const STS_ID = /^[A-Za-z0-9]{1,32}$/

/** Whether a TXT value is meant as an MTA-STS record. */
export function isStsValue(value: string): boolean {
  return isOfVersion(value, 'STSv1')
}

/** Reads the TXT value of `_mta-sts` (RFC 8461 §3.1). A value that is no record is as good as none. */
export function readStsRecord(text: string): Reading<StsRecord> {
  return readTxt(text, (value) => {
    const { fields, extensions, faults, isRecord } = readFields(value, {
      version: VERSION,
      section: SECTION,
      known: ['id'],
    })
    const id = fields.get('id')
    const wrong =
      id === undefined ? 'there is no id=' : `id=${id}: an id has 1 to 32 letters and digits, and nothing else`
    if (id === undefined || !STS_ID.test(id)) return none([...faults, { section: SECTION, message: wrong }])
    return isRecord ? { value: { id, extensions }, faults } : none(faults)
  })
}

/** The TXT value of a record. */
export function writeStsRecord({ id, extensions }: StsRecord): string {
  return writeFields(VERSION, [{ name: 'id', value: id }, ...extensions])
}
