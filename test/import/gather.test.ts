import { describe, expect, test } from 'vitest'
import { MailsyncError } from '../../records/error.js'
import { SpecErrors } from '../../src/problem.js'
import { told } from '../config/load.js'
import { imported } from './imported.js'

async function refused(work: Promise<unknown>): Promise<string[]> {
  try {
    await work
  } catch (error) {
    if (error instanceof SpecErrors) return error.problems.map(told)
    if (error instanceof MailsyncError) return [`${error.code}: ${error.message}`]
    throw error
  }
  return []
}

const MAIL = {
  'example.com.': '@ MX 10 mail.example.net.\n@ TXT "v=spf1 mx -all"\n',
  'example.net.': 'mail A 192.0.2.10\n',
}

describe('where the zones can be listed', () => {
  test('a host in another zone of the provider is found there, and its zone declared', async () => {
    const { bare } = await imported(MAIL, ['example.com.'])
    expect(bare).toMatch(/ {2}example\.net\.: \{ targets: \[dns\] \}/)
    expect(bare).toMatch(/ {2}mail\.example\.net:\n {4}addresses: \[192\.0\.2\.10\]/)
  })

  test('every domain that is in no zone is told at once, with what there is', async () => {
    expect(await refused(imported(MAIL, ['exmaple.com.', 'example.com.', 'other.test.']))).toEqual([
      'import-zone: exmaple.com is in no zone of this provider\n  did you mean example.com?',
      'import-zone: other.test is in no zone of this provider\n  known here: example.com, example.net',
    ])
    expect(await refused(imported({}, ['example.com.']))).toEqual([
      'import-zone: example.com is in no zone of this provider\n  it has no zones at all',
    ])
  })

  test('a name below a delegation is not in the zone above it', async () => {
    const { bare, changes } = await imported(
      { 'example.com.': '@ MX 10 mail.sub\nsub NS ns.example.org.\nmail.sub A 192.0.2.1\n' },
      ['example.com.'],
    )
    expect(bare).not.toMatch(/hosts:/)
    expect(changes).toEqual([])
  })
})

describe('where they cannot', () => {
  test('a domain, its hosts and the reverse names of those are looked for by asking, each zone once', async () => {
    const unlisted: string[] = []
    const zones = { ...MAIL, '2.0.192.in-addr.arpa.': '10 PTR mail.example.net.' }
    const { bare, changes } = await imported(zones, ['example.com.', 'news.example.com.'], { unlisted })
    expect(bare).toMatch(/hosts:\n {2}mail\.example\.net:\n {4}addresses: \[192\.0\.2\.10\]\n {4}helo_spf: false/)
    expect(changes).toEqual(['update example.com. TXT (adopts)'])
    expect(unlisted).toEqual(['news.example.com.', 'mail.example.net.', '0.192.in-addr.arpa.', '192.in-addr.arpa.'])
  })

  test('a zone nobody would guess can be named', async () => {
    const zones = { ...MAIL, '0/28.2.0.192.in-addr.arpa.': '10 PTR mail.example.net.' }
    const without = await imported(zones, ['example.com.'], { unlisted: [] })
    expect(without.bare).toMatch(/reverse: manual/)
    const { bare, plan } = await imported(zones, ['example.com.'], {
      unlisted: [],
      also: ['0/28.2.0.192.in-addr.arpa.'],
    })
    expect(bare).not.toMatch(/reverse/)
    expect(bare).toMatch(/ {2}0\/28\.2\.0\.192\.in-addr\.arpa\.: \{ targets: \[dns\] \}/)
    expect(plan.manual.map(({ entries }) => entries?.map(({ host, value }) => [host, value]))).toEqual([
      [['10.2.0.192.in-addr.arpa', '10.0/28.2.0.192.in-addr.arpa']],
    ])
  })

  test('the PTR of an address that looks like an owner’s is left to whoever has it, with the class that can set it', async () => {
    const zone = (address: string): string => `@ MX 10 mail\nmail A ${address}`
    const said = async (address: string): Promise<string> =>
      (await imported({ 'example.com.': zone(address) }, ['example.com.'])).text.replace(/\s*\n *# */g, ' ')
    const hetzner = await said('88.99.1.10')
    expect(hetzner).toMatch(/reverse: manual/)
    expect(hetzner).toContain(
      'They look like addresses of Hetzner: with the name of a provider of `class: hetzner` or `class: hetzner-robot` here, mailsync sets it.',
    )
    expect(await said('54.64.1.10')).toContain('a provider of `class: ec2` here')
    expect(await said('192.0.2.10')).not.toContain('look like addresses')
  })

  test('what was tried in vain is told, of domains and of named zones', async () => {
    const work = imported(MAIL, ['a.example.org.'], { unlisted: [], also: ['example.org.'] })
    expect(await refused(work)).toEqual([
      'import-zone: the zone example.org. cannot be read\n  the zone example.org. is not in memory',
      'import-zone: a.example.org is in no zone of this provider\n  tried a.example.org., example.org., org.: the zone a.example.org. is not in memory',
    ])
  })
})

describe('zones that a spec of mailsync keeps already', () => {
  const manifest = (slots: string): string => `_mailsync TXT "v=mailsync1; owner=team-a; ${slots}"\n`

  test('a spec that says all of it has the same owner', async () => {
    const { bare, plan } = await imported({ 'example.com.': `@ MX 10 mx.example.net.\n${manifest('mx.MX=@')}` }, [
      'example.com.',
    ])
    expect(bare).toMatch(/^ownership: \{ owner: team-a \}$/m)
    expect(plan.zones).toEqual([])
  })

  test('a spec that would delete what it does not say is refused', async () => {
    const zones = { 'example.com.': `@ MX 10 mx.example.net.\nnews MX 10 mx.example.net.\n${manifest('mx.MX=@,news')}` }
    expect(await refused(imported(zones, ['example.com.']))).toEqual([
      'guard: a spec of mailsync already writes here (owner team-a), and the imported one would delete what it wrote besides: news.example.com. MX',
    ])
    expect((await imported(zones, ['example.com.', 'news.example.com.'])).plan.zones).toEqual([])
  })

  test.each(['_mailsync', '3f._mailsync'])(
    'a host that it keeps and no domain names stays in the spec, wherever it is remembered (%s)',
    async (name) => {
      const memory = manifest('mx.MX=@; host.A=relay').replace('_mailsync', name)
      const zones = { 'example.com.': `@ MX 10 mx.example.net.\nrelay A 192.0.2.20\n${memory}` }
      const { bare, changes } = await imported(zones, ['example.com.'])
      expect(bare).toMatch(/ {2}relay\.example\.com:\n {4}addresses: \[192\.0\.2\.20\]/)
      expect(changes).toEqual([])
    },
  )

  test('two owners, or one of a later version, are too many', async () => {
    const other = '_mailsync TXT "v=mailsync1; owner=team-b; mx.MX=x"\n'
    const later = '_mailsync TXT "v=mailsync2; who=team-b"\n'
    for (const more of [other, later])
      expect(
        (await refused(imported({ 'example.com.': `${manifest('mx.MX=@')}${more}` }, ['example.com.'])))[0],
      ).toMatch(
        /^guard: specs of mailsync already write into these zones; their owners: team-a, (team-b|a later mailsync)$/,
      )
  })

  test('a host or a PTR in such a zone is left to its owner', async () => {
    const { bare, changes, text } = await imported(
      {
        'example.com.': '@ MX 10 mail\n@ MX 20 mail.example.net.\nmail A 192.0.2.10\n',
        'example.net.': `mail A 192.0.2.11\n${manifest('host.A=mail')}`,
        '2.0.192.in-addr.arpa.': `10 PTR mail.example.com.\n${manifest('ptr.PTR=10')}`,
      },
      ['example.com.'],
    )
    expect(bare).toMatch(
      /zones:\n {2}example\.com\.: .*\nhosts:\n {2}mail\.example\.com:\n {4}addresses: .*\n {4}reverse: false\n/,
    )
    expect(bare).not.toMatch(/192\.0\.2\.11/)
    expect(changes).toEqual([])
    expect(text).toMatch(/The PTR is in 2\.0\.192\.in-addr\.arpa\., into which the spec of the owner team-a writes\./)
  })
})

test('other names with MX are named at the end', async () => {
  const { text } = await imported(
    { 'example.com.': '@ MX 10 mx.example.net.\nnews MX 10 mx.example.net.\nparked MX 0 .\n' },
    ['example.com.'],
  )
  expect(text).toMatch(/\n\n# These names have MX too, and were not asked for: news\.example\.com\.\n$/)
})
