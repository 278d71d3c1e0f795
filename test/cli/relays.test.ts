import { describe, expect, test } from 'vitest'
import { relayNames, relays } from '../../records/relays/index.js'
import { problemsOf } from '../config/load.js'
import { runMain } from './workspace.js'

describe('mailsync relays', () => {
  test('lists every relay, with what it receives and what has to be told', async () => {
    const { code, stdout, stderr } = await runMain(['relays'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const lines = stdout.split('\n')
    for (const name of relayNames) expect(lines.filter((line) => line.startsWith(`${name} `))).toHaveLength(1)
    expect(stdout).toMatch(/^google +Google Workspace +yes +nothing$/m)
    expect(stdout).toMatch(/^amazon-ses +Amazon SES +if told +tokens$/m)
    expect(stdout).toMatch(
      /^sendgrid +Twilio SendGrid +no +return_path, target$|^sendgrid +Twilio SendGrid +no +target, return_path$/m,
    )
    expect(stdout).toMatch(/^microsoft +Microsoft 365 +yes +server$/m)
  })

  test('has everything about one', async () => {
    const { code, stdout } = await runMain(['relays', 'Amazon-SES'])
    expect(code).toBe(0)
    expect(stdout).toContain('<tokens>._domainkey.example.com.  CNAME  <tokens>.dkim.amazonses.com.')
    expect(stdout).toContain('<mail_from>.example.com.  MX  10 feedback-smtp.<region>.amazonses.com.')
    expect(stdout).toContain('tokens  the tokens of Easy DKIM, 3 of them')
    expect(stdout).toContain('region (may be left out)')
    expect(stdout).toContain('https://docs.aws.amazon.com/ses/latest/dg/mail-from.html')
    expect(stdout).toContain('as known on 2026-11-27')
  })

  test('as data', async () => {
    const { stdout } = await runMain(['relays', '--format', 'json'])
    const document = JSON.parse(stdout)
    expect(document).toMatchObject({ format: 'mailsync-relays', version: 1 })
    expect(document.relays.map(({ name }: { name: string }) => name)).toEqual(relayNames)
    const one = JSON.parse((await runMain(['relays', 'zoho', '--format', 'json'])).stdout)
    expect(one.relays).toHaveLength(1)
    expect(one.relays[0]).toMatchObject({ name: 'zoho', receives: 'yes' })
    expect(one.relays[0].inputs[0]).toMatchObject({ key: 'region', required: false, default: 'com', example: 'eu' })
  })

  test.each([
    ['gogle', 'did you mean google?'],
    ['office365', 'Microsoft 365 is called microsoft here'],
    ['constructor', '`mailsync relays` lists them'],
  ])('asks back for a name that is none: %s', async (name, hint) => {
    const { code, stdout, stderr } = await runMain(['relays', name])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`there is no relay "${name}"`)
    expect(stderr).toContain(hint)
  })

  test('completes their names', async () => {
    const { stdout } = await runMain(['__complete', 'relays', 'mail'])
    expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual(['mailgun', 'mailjet', 'mailchimp', ''])
  })

  test('gives lines that a spec takes, but for the keys that are to be filled in', async () => {
    for (const { name, inputs } of relays) {
      const { stdout } = await runMain(['relays', name, '--format', 'json'])
      const snippet: string = JSON.parse(stdout).relays[0].snippet
      const lines = snippet.split('\n').map((line) => `    ${line}\n`)
      const problems = await problemsOf(
        `providers: { dns: { class: yaml } }\nzones: { example.com.: { targets: [dns] } }\ndomains:\n  example.com:\n${lines.join('')}`,
      )
      const isKey = Object.values(inputs).some(({ form }) => form === 'key')
      expect(
        problems.filter((text) => !(isKey && text.includes('do not take this as a DKIM key'))),
        name,
      ).toEqual([])
    }
  })
})
