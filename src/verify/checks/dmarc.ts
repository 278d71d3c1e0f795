import { isDmarcValue, readDmarc, readVersioned } from '../../../records/families/dmarc/read-dmarc.js'
import {
  type AppliedPolicy,
  type AskTexts,
  discoverPolicy,
  organizationalDomain,
} from '../../../records/families/dmarc/tree-walk.js'
import { isWithin, joinName, type Name, withoutDot } from '../../../records/rr/name.js'
import { rdataTexts } from '../../../records/rr/rrset.js'
import type { World } from '../ask/world.js'
import { type Check, judge, ofDomain } from '../check.js'
import type { CheckedDomain } from '../subjects/scope.js'
import { listed } from '../words.js'

/** The DMARC policy that receivers find for a domain, and whether its reports are taken where they go. */
export async function checkDmarc({ name, spec, sends }: CheckedDomain, { dns }: World): Promise<Check[]> {
  const asked = `_dmarc.${name} TXT, and at the names above`
  const of = (section?: string) => judge('dmarc', ofDomain(name), asked, section)
  const wrong = await faultAt(name, dns)
  if (wrong) return [of(wrong.section).fail(wrong.message, wrong.todo)]
  const [policy, organization] = await Promise.all([
    discoverPolicy(name, textsOf(dns)),
    organizationalDomain(name, textsOf(dns)),
  ])
  const failed = [policy, organization].find((one) => one !== undefined && 'failure' in one)
  if (failed && 'failure' in failed) return [of().unknown(failed.failure, 'look at the name servers of the zone')]
  if (policy === undefined || 'failure' in policy) {
    const present = judge('dmarc-present', ofDomain(name), asked)
    if (spec?.dmarc === false && spec.dmarcAlias === undefined) return [present.pass('none, as the spec says')]
    const todo = sends ? 'publish one, p=none with rua= to begin with' : 'publish v=DMARC1; p=reject'
    return [present.warn('there is none, and who sends much has to have one', todo)]
  }
  const organizational = 'failure' in organization ? name : organization.name
  return [verdictOf(name, policy, organizational, sends, of()), ...(await checkReports(policy, organizational, dns))]
}

/** What stands at a name as the tree walk asks for it. */
function textsOf(dns: World['dns']): AskTexts {
  return async (name) => {
    const look = await dns.look(name, 'TXT')
    if (look.kind === 'failure') return { failure: look.why }
    return look.kind === 'answer' ? rdataTexts(look.rrset) : []
  }
}

/** What keeps receivers from taking what stands at the name itself. */
async function faultAt(
  domain: Name,
  dns: World['dns'],
): Promise<{ section?: string; message: string; todo: string } | undefined> {
  const look = await dns.look(joinName('_dmarc', domain), 'TXT')
  const texts = look.kind === 'answer' ? rdataTexts(look.rrset) : []
  const values = texts.filter((value) => readVersioned(value).value !== undefined)
  if (values.length > 1)
    return { message: `${values.length} policies: receivers apply none of them`, todo: 'delete all but one of them' }
  if (values[0] !== undefined && readDmarc(values[0]).value) return undefined
  const meant = texts.find(isDmarcValue)
  if (meant === undefined || (look.kind === 'answer' && look.synthesized)) return undefined
  const [fault] = readVersioned(meant).value ? readDmarc(meant).faults : readVersioned(meant).faults
  return {
    ...(fault && { section: fault.section }),
    message: `receivers do not take it for a policy${fault ? `: ${fault.message}` : ''}`,
    todo: 'put that right',
  }
}

function verdictOf(
  name: Name,
  { of, policy, record, text }: AppliedPolicy,
  organizational: Name,
  sends: boolean,
  { pass, warn }: ReturnType<typeof judge>,
): Check {
  const where = of === name ? '' : `, from ${withoutDot(of)}`
  const isWeaker =
    record.testing && policy !== 'none' ? ', and one level weaker as long as t=y says that it is a test' : ''
  const seen = `${policy}${where}${isWeaker}${organizational === name ? '' : `; its organizational domain is ${withoutDot(organizational)}`}`
  const { faults } = readDmarc(text)
  if (faults.length > 0)
    return warn(`${seen}; of it receivers ignore: ${listed(faults.map(({ message }) => message))}`, 'put that right')
  if (!sends && policy === 'none') return warn(`${seen}, for a domain that nobody sends for`, 'publish p=reject')
  return pass(seen)
}

/**
 * Reports to another organizational domain go out only where it says that it takes those of the name that has the policy (RFC 9990 §4).
 * A policy above the organizational domain is that of a public suffix, which has to see to it itself.
 */
async function checkReports({ of, record }: AppliedPolicy, organizational: Name, dns: World['dns']): Promise<Check[]> {
  const wanted = [...record.rua, ...record.ruf].flatMap(({ address }) => address?.domain ?? [])
  const foreign = isWithin(of, organizational) ? [...new Set(wanted)] : []
  const checks = foreign.map(async (to): Promise<Check[]> => {
    const theirs = await organizationalDomain(to, textsOf(dns))
    if ('name' in theirs && theirs.name === organizational) return []
    const at = joinName(`${of}_report._dmarc`, to)
    const { pass, fail, unknown } = judge('dmarc-reports', ofDomain(of), `${at} TXT`)
    const look = await dns.look(at, 'TXT')
    if (look.kind === 'failure') return [unknown(look.why, 'look at the name servers of that domain')]
    const says =
      look.kind === 'answer' && rdataTexts(look.rrset).some((text) => readVersioned(text).value !== undefined)
    return says
      ? [pass(`${withoutDot(to)} takes them`)]
      : [
          fail(
            `${withoutDot(to)} does not say that it takes reports of ${withoutDot(of)}, so none is sent there`,
            `let it publish ${at} TXT "v=DMARC1;"`,
          ),
        ]
  })
  return (await Promise.all(checks)).flat()
}
