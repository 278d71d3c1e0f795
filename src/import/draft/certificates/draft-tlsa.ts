import { readTlsa } from '../../../../records/families/tlsa/read-tlsa.js'
import { isWithin, joinName, type Name } from '../../../../records/rr/name.js'
import { isKnown, rdataTexts } from '../../../../records/rr/rrset.js'
import type { RawTlsa } from '../../../config/certificates/raw-tlsa.js'
import type { Holdings } from '../../holdings/holdings.js'
import { type Remark, remark } from '../remark.js'

interface TlsaAndRemarks {
  readonly tlsa?: RawTlsa
  readonly remarks: readonly Remark<'tlsa'>[]
}

/** The TLSA of a host: those at port 25, and the ports that have the same. Which certificates they are of, DNS does not tell. */
export function draftTlsa(host: Name, holdings: Holdings): TlsaAndRemarks {
  const under = joinName('_tcp', host)
  const sets = holdings.within(under).flatMap((rrset) => {
    const [, port] = /^_([1-9]\d{0,4})\._tcp\./.exec(rrset.name) ?? []
    const isPlace = port !== undefined && isWithin(rrset.name, under) && rrset.name === joinName(`_${port}`, under)
    return isPlace && Number(port) < 65_536 && isKnown(rrset) && rrset.type === 'TLSA'
      ? [{ port: Number(port), values: rdataTexts(rrset), locked: rrset.locked }]
      : []
  })
  const isSound = (values: readonly string[]): boolean => values.every((text) => readTlsa(text).faults.length === 0)
  const sound = sets.filter(({ values, locked }) => locked === undefined && values.length > 0 && isSound(values))
  const first = sound.find(({ port }) => port === 25) ?? sound[0]
  const said = first ? sound.filter(({ values }) => values.join() === first.values.join()) : []
  const kept = sets.filter((one) => !said.includes(one))
  const ports = said.map(({ port }) => port).sort((a, b) => a - b)
  const isUsual = ports.length === 1 && ports[0] === 25
  const tlsa: RawTlsa | undefined = first && (isUsual ? first.values : { records: first.values, ports })
  const lines = kept.flatMap(({ port, values }) => values.map((value) => `port ${port}: ${value}`))
  return {
    ...(tlsa && { tlsa }),
    remarks:
      lines.length === 0 ? [] : [remark('tlsa', 'These TLSA stay as they are: a spec says one set a host.', lines)],
  }
}
