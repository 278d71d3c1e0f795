/** A report as a receiver writes it; everything has a sound default. */
export interface ReportParts {
  readonly org?: string
  readonly id?: string
  readonly begin?: number
  readonly end?: number
  readonly domain?: string
  readonly policy?: string
  readonly testing?: string
  readonly records?: readonly RecordParts[]
}

export interface RecordParts {
  readonly ip?: string
  readonly count?: number | string
  readonly disposition?: string
  readonly dkim?: 'pass' | 'fail'
  readonly spf?: 'pass' | 'fail'
  readonly reason?: string
  readonly from?: string
  /** `domain selector result` each. */
  readonly signatures?: readonly string[]
  /** `domain result`. */
  readonly envelope?: string
}

/** 2026-11-12, a whole day in UTC. */
export const DAY_BEGIN = 1_794_441_600
export const DAY_END = 1_794_527_999

export function reportXml(parts: ReportParts = {}): string {
  const { org = 'google.com', id = '1', begin = DAY_BEGIN, end = DAY_END, domain = 'example.com' } = parts
  const testing = parts.testing === undefined ? '' : `<testing>${parts.testing}</testing>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<feedback><report_metadata><org_name>${org}</org_name><email>dmarc@receiver.example</email><report_id>${id}</report_id>
<date_range><begin>${begin}</begin><end>${end}</end></date_range></report_metadata>
<policy_published><domain>${domain}</domain><p>${parts.policy ?? 'none'}</p>${testing}</policy_published>
${(parts.records ?? [{}]).map((record) => recordXml(record, domain)).join('\n')}
</feedback>`
}

function recordXml(record: RecordParts, domain: string): string {
  const {
    ip = '192.0.2.10',
    count = 1,
    disposition = 'none',
    dkim = 'pass',
    spf = 'pass',
    reason,
    from = domain,
  } = record
  const signatures = (record.signatures ?? (dkim === 'pass' ? [`${domain} s1 pass`] : [])).map((one) => {
    const [d, s, result] = one.split(' ')
    return `<dkim><domain>${d}</domain><selector>${s}</selector><result>${result}</result></dkim>`
  })
  const [at, result] = (record.envelope ?? `${domain} ${spf}`).split(' ')
  const why = reason === undefined ? '' : `<reason><type>${reason}</type></reason>`
  return `<record><row><source_ip>${ip}</source_ip><count>${count}</count><policy_evaluated><disposition>${disposition}</disposition>
<dkim>${dkim}</dkim><spf>${spf}</spf>${why}</policy_evaluated></row><identifiers><header_from>${from}</header_from></identifiers>
<auth_results>${signatures.join('')}<spf><domain>${at}</domain><scope>mfrom</scope><result>${result}</result></spf></auth_results></record>`
}
