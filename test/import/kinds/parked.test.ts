import { describe, expect, test } from 'vitest'
import { imported } from '../imported.js'

/** What is written of example.com, whose zone has these lines. */
async function domainOf(lines: string): Promise<string> {
  const { bare, changes } = await imported({ 'example.com.': lines }, ['example.com.'])
  expect(changes).toEqual([])
  return bare.slice(bare.indexOf('  example.com:\n') + '  example.com:\n'.length)
}

const MX = '@ MX 0 .\n'
const SPF = '@ TXT "v=spf1 -all"\n'
const KEY = '*._domainkey TXT "v=DKIM1; p="\n'
const DMARC = '_dmarc TXT "v=DMARC1; p=reject"\n'

describe('a domain is parked where its four records say what those of `mail: none` say', () => {
  test.each([
    ['as mailsync writes them', MX + SPF + KEY + DMARC],
    ['SPF with more spaces', `${MX}@ TXT "v=spf1  -all "\n${KEY}${DMARC}`],
    ['SPF in capitals', `${MX}@ TXT "v=SPF1 -ALL"\n${KEY}${DMARC}`],
    ['SPF with what stands after all', `${MX}@ TXT "v=spf1 -all mx"\n${KEY}${DMARC}`],
    ['SPF with a redirect beside all', `${MX}@ TXT "v=spf1 redirect=_spf.example.org -all"\n${KEY}${DMARC}`],
    ['a key that begins with p', `${MX}${SPF}*._domainkey TXT "p="\n${DMARC}`],
    ['a key with its type and a semicolon', `${MX}${SPF}*._domainkey TXT "v=DKIM1;k=rsa;p=;"\n${DMARC}`],
    [
      'DMARC with what is so anyway',
      `${MX}${SPF}${KEY}_dmarc TXT "v=DMARC1;p=reject;sp=reject;np=reject;adkim=r;aspf=r;pct=100;ri=86400;rf=afrf;fo=0;"\n`,
    ],
    ['failure options without an address for them', `${MX}${SPF}${KEY}_dmarc TXT "v=DMARC1; p=reject; fo=1"\n`],
    ['other values beside the SPF', `${MX}${SPF}@ TXT "MS=ms1"\n${KEY}${DMARC}`],
  ])('%s', async (_, lines) => {
    expect(await domainOf(lines)).toBe('    mail: none')
  })

  test('reports keep their addresses', async () => {
    expect(
      await domainOf(
        `${MX}${SPF}${KEY}_dmarc TXT "v=DMARC1; p=reject; rua=mailto:a@example.com!10m, mailto:b@example.com; ruf=mailto:f@example.com"\n`,
      ),
    ).toBe('    mail: none\n    dmarc: { rua: [a@example.com, b@example.com], ruf: [f@example.com] }')
  })

  test('failure reports keep their options', async () => {
    expect(await domainOf(`${MX}${SPF}${KEY}_dmarc TXT "v=DMARC1; p=reject; fo=1; ruf=mailto:f@example.com"\n`)).toBe(
      "    mail: none\n    dmarc: { ruf: [f@example.com], fo: '1' }",
    )
  })

  test('strict alignment is said', async () => {
    expect(await domainOf(`${MX}${SPF}${KEY}_dmarc TXT "v=DMARC1; p=reject; sp=reject; adkim=s; aspf=s;"\n`)).toBe(
      '    mail: none\n    dmarc: { adkim: strict, aspf: strict }',
    )
  })

  test.each([
    ['subdomains may do more', '_dmarc TXT "v=DMARC1; p=reject; sp=none"\n'],
    ['names that do not exist may do more', '_dmarc TXT "v=DMARC1; p=reject; np=none"\n'],
    ['the policy is tested', '_dmarc TXT "v=DMARC1; p=reject; t=y"\n'],
    ['old receivers apply it to a part', '_dmarc TXT "v=DMARC1; p=reject; pct=50"\n'],
    ['the policy is another', '_dmarc TXT "v=DMARC1; p=quarantine"\n'],
    ['there is no policy', ''],
    ['there are two', `${DMARC}_dmarc TXT "v=DMARC1; p=none"\n`],
    ['a space makes it none', '_dmarc TXT " v=DMARC1; p=reject"\n'],
  ])('not where %s', async (_, dmarc) => {
    expect(await domainOf(MX + SPF + KEY + dmarc)).not.toContain('mail: none')
  })

  test.each([
    ['the null MX', SPF + KEY + DMARC],
    ['the preference 0 of the null MX', `@ MX 10 .\n${SPF}${KEY}${DMARC}`],
    ['the SPF', MX + KEY + DMARC],
    ['the key', MX + SPF + DMARC],
  ])('not where %s is missing: it would be made', async (_, lines) => {
    expect(await domainOf(lines)).not.toContain('mail: none')
  })

  test('an MX of the root that is no null MX stays as it is, and takes nothing else with it', async () => {
    expect(await domainOf(`@ MX 10 .\n${SPF}${KEY}${DMARC}`)).toBe(
      '    spf: { all: fail }\n    dkim: { wildcard: revoked }\n    dmarc: { policy: reject }',
    )
  })
})
