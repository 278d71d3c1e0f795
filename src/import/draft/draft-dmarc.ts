import { isDkimValue } from '../../../records/families/dkim/read-dkim.js'
import { parkedPolicy, policyValue } from '../../../records/families/dmarc/dmarc.js'
import { isDmarcValue, readDmarc, resemblesDmarc } from '../../../records/families/dmarc/read-dmarc.js'
import { families } from '../../../records/families/index.js'
import type { Purpose } from '../../../records/families/mail-record.js'
import { faultText } from '../../../records/families/reading.js'
import { isSpfValue } from '../../../records/families/spf/read-spf.js'
import { displayName, joinName, labelsOf, type Name } from '../../../records/rr/name.js'
import type { RRsetOf } from '../../../records/rr/rrset.js'
import { type DmarcDraft, type DmarcMeaning, dmarcMeaning } from '../../config/records/dmarc-tags.js'
import type { Holdings } from '../holdings/holdings.js'
import { plainDmarc } from '../write/plain-config.js'
import { flow } from '../write/yaml-text.js'
import type { DomainDraft } from './draft.js'
import { type Remark, remark } from './remark.js'

interface DmarcAndRemarks {
  readonly dmarc: DomainDraft['dmarc']
  readonly remarks: readonly Remark<'dmarc'>[]
}

/** The DMARC policy of a domain; false, with the reason, where there is none or a spec cannot say it. */
export function draftDmarc(name: Name, holdings: Holdings): DmarcAndRemarks {
  const owner = joinName('_dmarc', name)
  const alias = holdings.get(owner, 'CNAME')
  if (alias) return draftAlias(owner, alias)
  const cut = holdings.cutAbove(owner)
  if (cut !== undefined) return none(`The DMARC policy is not known: ${cut}. It stays as it is.`)
  const texts = holdings.texts(owner)
  const values = texts.filter(isDmarcValue)
  const [value] = values
  if (value === undefined) {
    const meant = texts.filter(resemblesDmarc)
    return meant.length === 0
      ? none('There is no DMARC policy today.')
      : none('There is no DMARC policy today. What looks like one does not begin with v=DMARC1 and a semicolon:', meant)
  }
  if (values.length > 1)
    return none('There are several DMARC values, so receivers use none. They stay as they are:', values)
  const meaning = dmarcMeaning(value)
  const { dmarc, ignored, unsupported } = meaning
  const { value: record, faults } = readDmarc(value)
  if (record === undefined) return leftAsItIs(meaning, NO_POLICY, value, faults.map(faultText))
  if (unsupported.length > 0) return leftAsItIs(meaning, PARTLY, value, unsupported)
  const about = remark('dmarc', 'Left out of the DMARC policy, as receivers do not look at it:', ignored)
  return { dmarc, remarks: ignored.length === 0 ? [] : [about] }
}

function draftAlias(owner: Name, { rdata: [cname], locked }: RRsetOf<'CNAME'>): DmarcAndRemarks {
  if (cname !== undefined && locked === undefined && labelsOf(cname).length > 1)
    return { dmarc: { cname }, remarks: [] }
  const place = cname === undefined ? '' : ` of ${displayName(cname)}`
  return none(`${displayName(owner)} is a CNAME${place}, and stays one${locked === undefined ? '' : `: ${locked}`}.`)
}

const PARTLY = {
  about: 'The DMARC policy stays as it is, because a spec cannot say all of it:',
  reason: 'What it cannot say:',
}
const NO_POLICY = {
  about: 'There is no DMARC policy today: receivers take this for none. It stays as it is:',
  reason: 'What is wrong with it:',
}

const WEAKER = ' this, which has the weaker value of a tag that is there twice'

/** A policy that is left to itself, with what a spec could say of it. */
function leftAsItIs(
  { dmarc, isTwice }: DmarcMeaning,
  { about, reason }: typeof PARTLY,
  value: string,
  reasons: readonly string[],
): DmarcAndRemarks & { readonly dmarc: false } {
  return {
    dmarc: false,
    remarks: [
      remark('dmarc', about, [value]),
      remark('dmarc', reason, reasons),
      remark('dmarc', `If that may go, write${isTwice ? WEAKER : ''}:`, [`dmarc: ${flow(plainDmarc(dmarc))}`]),
    ],
  }
}

function none(text: string, lines?: readonly string[]): DmarcAndRemarks {
  return { dmarc: false, remarks: [remark('dmarc', text, lines)] }
}

/** The DMARC reports of a domain whose four records say what those of `mail: none` do; undefined for any other. */
export function parkedReports(name: Name, mx: DomainDraft['mx'], holdings: Holdings): DmarcDraft | undefined {
  const spf = holdings.texts(name).filter(isSpfValue)
  const folder = joinName('_domainkey', name)
  const keys = holdings.texts(joinName('*', folder)).filter(isDkimValue)
  const hasOthers = holdings.within(folder).some((set) => set.name !== folder && set.name !== joinName('*', folder))
  const policies = holdings.texts(joinName('_dmarc', name)).filter(isDmarcValue)
  const isNobody = isOnly('spf', spf, 'v=spf1 -all') && isOnly('dkim', keys, 'v=DKIM1; p=')
  if (mx !== 'none' || !isNobody || hasOthers || policies.length === 0) return undefined
  const { dmarc } = dmarcMeaning(policies[0] as string)
  const { fo, ...kept } = dmarc
  const mailto = (address: string): string => `mailto:${address}`
  const options = fo === undefined ? {} : { failureOptions: fo }
  const expected = policyValue(
    parkedPolicy({ ...kept, ...options, rua: kept.rua.map(mailto), ruf: kept.ruf.map(mailto) }),
  )
  return isOnly('dmarc', policies, expected) ? dmarc : undefined
}

function isOnly(purpose: Purpose, [held, ...others]: readonly string[], value: string): boolean {
  return held !== undefined && others.length === 0 && families[purpose].same(held, value)
}
