import { parseRdata, type Tlsa } from '../../rr/rdata.js'
import { type Fault, none, type Reading } from '../reading.js'

/** Certificate usages (RFC 6698 §2.1.1, RFC 7218 §2.1). */
export const USAGE = { trustAnchor: 2, server: 3 } as const
/** Hexadecimal digits of the data, by matching type (RFC 6698 §2.1.3). */
const DIGITS: Readonly<Record<number, number>> = { 1: 64, 2: 128 }

/** Reads a TLSA record in presentation form, `3 1 1 ab12…` (RFC 6698 §2.2). */
export function readTlsa(text: string): Reading<Tlsa> {
  const value = parseRdata('TLSA', text)
  if (value === undefined)
    return none([{ section: 'RFC 6698 §2.2', message: 'it is no usage, selector, matching type and hexadecimal data' }])
  const { usage, selector, matching, data } = value
  const digits = DIGITS[matching]
  const faults: Fault[] = [
    ...(usage > 3 ? [fault('§2.1.1', `usage ${usage}: 0, 1, 2 or 3 can stand there`)] : []),
    ...(selector > 1 ? [fault('§2.1.2', `selector ${selector}: 0 or 1 can stand there`)] : []),
    ...(matching > 2 ? [fault('§2.1.3', `matching type ${matching}: 0, 1 or 2 can stand there`)] : []),
    ...(digits !== undefined && data.length !== digits
      ? [fault('§2.1.3', `a hash of matching type ${matching} has ${digits} hexadecimal digits, not ${data.length}`)]
      : []),
  ]
  return faults.length > 0 ? none(faults) : { value, faults }
}

function fault(section: string, message: string): Fault {
  return { section: `RFC 6698 ${section}`, message }
}
