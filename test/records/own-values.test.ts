import { describe, expect, test } from 'vitest'
import { isBimiValue } from '../../records/families/bimi/read-bimi.js'
import { isDkimValue } from '../../records/families/dkim/read-dkim.js'
import { isDmarcValue } from '../../records/families/dmarc/read-dmarc.js'
import { isStsValue } from '../../records/families/mta-sts/read-record.js'
import { isSpfValue } from '../../records/families/spf/read-spf.js'
import { isTlsRptValue } from '../../records/families/tls-rpt/read-tls-rpt.js'

/** What tells our values in a TXT RRset from strangers': taking one too many would lose a stranger's. */
describe.each([
  [
    'an SPF',
    isSpfValue,
    ['v=spf1', 'v=spf1 -all', 'V=SPF1 a mx ~all', 'v=spf1  redirect=_spf.example.com'],
    ['v=spf10 -all', 'v=spf1-all', ' v=spf1 -all', 'spf2.0/pra -all', 'note: v=spf1 -all', '', 'v=spf1\t-all'],
  ],
  [
    'a DMARC policy',
    isDmarcValue,
    ['v=DMARC1; p=none', 'v=DMARC1', 'v = DMARC1 ;p=none', 'v=dmarc1; p=none'],
    ['v=DMARC10; p=none', 'p=none; v=DMARC1', 'v=STSv1; id=1', 'v=DMARC1 p=none', ''],
  ],
  [
    'a DKIM key',
    isDkimValue,
    ['v=DKIM1; k=rsa; p=MIIB', 'k=rsa; p=MIIB', 'p=', 'v=DKIM1', 'v=DKIM1; t=y;  p = MIIB'],
    ['v=DKIM10; x', 'google-site-verification=p', 'sp=none', 'MS=ms1; up=1', ''],
  ],
  [
    'an MTA-STS record',
    isStsValue,
    ['v=STSv1; id=1;', 'v=STSv1', 'v = stsv1; id=1'],
    ['v=STSv10; id=1', 'id=1; v=STSv1', 'v=TLSRPTv1; rua=mailto:a@example.com', ''],
  ],
  [
    'a TLS reporting policy',
    isTlsRptValue,
    ['v=TLSRPTv1; rua=mailto:a@example.com', 'v=TLSRPTv1', ' v=tlsrptv1;'],
    ['v=TLSRPTv2; rua=mailto:a@example.com', 'v=STSv1; id=1', 'TLSRPTv1', ''],
  ],
  [
    'a BIMI record',
    isBimiValue,
    ['v=BIMI1; l=; a=;', 'v=BIMI1', 'v = bimi1 ;l='],
    ['v=BIMI12; l=', 'l=; v=BIMI1', 'BIMI1', ''],
  ],
] as const)('%s', (_, isOwn, own, foreign) => {
  test.each(own)('is %j', (value) => {
    expect(isOwn(value)).toBe(true)
  })

  test.each(foreign)('is not %j', (value) => {
    expect(isOwn(value)).toBe(false)
  })
})
