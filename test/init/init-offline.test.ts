import { mkdir, readFile } from 'node:fs/promises'
import { load } from 'js-yaml'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadBuiltIn, zoneClasses } from '../../providers/index.js'
import { type Ran, runMain, type Workspace, workspace } from '../cli/workspace.js'
import { KEY, person } from './person.js'

let space: Workspace
beforeEach(async () => {
  space = await workspace({})
})
afterEach(() => space.remove())

const init = (...args: readonly string[]): Promise<Ran> => space.run(['init', ...args, '--no-dns'])
/** The spec without its comments. */
const spec = async (): Promise<string> =>
  (await space.read('mailsync.yaml'))
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
const LOCAL = ['--class', 'yaml'] as const

describe('init without a terminal', () => {
  test('asks nothing, and says at once what is missing, with the flag for each', async () => {
    const { code, stdout, stderr } = await init()
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    for (const flag of ['init DOMAIN', '--receives here|google', '--sends here|nothing', '--class CLASS'])
      expect(stderr).toContain(flag)
    expect(stderr).toContain('4 errors')
  })

  test('says what is missing of a domain, of a machine and of a provider together', async () => {
    const { code, stderr } = await init('example.com', '--receives', 'here', '--sends', 'here', '--class', 'rfc2136')
    expect(code).toBe(1)
    expect(stderr).toContain('the addresses of mail.example.com are missing')
    expect(stderr).toContain('--address ADDRESS')
    expect(stderr).toContain('--option host=…')
    expect(stderr).toContain('2 errors')
  })

  test.each([
    [['--receives', 'microsoft'], 'Microsoft 365 has for your tenant'],
    [['--receives', 'elsewhere'], '--mx HOST'],
    [['--address', '10.2.0.192.in-addr.arpa'], 'write the address itself: 192.0.2.10'],
    [['--mx', '192.0.2.1'], '--mx: "192.0.2.1" is not a name'],
    [['--mx', 'mx.example.net', '--receives', 'here'], '--mx does not go with --receives here'],
    [['--sends', 'sendgird'], 'did you mean sendgrid?'],
    [['--sends', 'nothing', '--sends', 'google'], '--sends nothing does not go with other senders'],
    [['--sends', 'example.com'], 'example.com cannot include its own SPF'],
    [['--zone', 'example.net'], 'example.com is not in the zone example.net'],
    [['--class', 'cloudflair'], 'did you mean cloudflare?'],
    [['--class', 'rfc2136', '--option', 'host=x:1', '--option', 'prot=1'], 'did you mean port?'],
    [['--class', 'cloudflare', '--option', 'account_id=no'], '32 hexadecimal digits'],
  ])('%j is answered with what is wrong', async (flags, words) => {
    const { code, stderr } = await init('example.com', ...flags)
    expect(code).toBe(1)
    expect(stderr).toContain(words)
  })
})

describe('what init writes', () => {
  test('a machine that receives and sends itself, and through a relay', async () => {
    const { code, stderr } = await init(
      ...['example.com', '--receives', 'here', '--address', '192.0.2.10', '--address', '2001:DB8::10'],
      ...['--sends', 'here', '--sends', 'google', ...LOCAL],
    )
    expect(code).toBe(0)
    expect(await spec()).toBe(`providers:
  local:
    class: yaml
    directory: ./zones
zones:
  example.com.: { targets: [local] }
hosts:
  mail.example.com:
    addresses: [192.0.2.10, 2001:db8::10]
    reverse: manual
domains:
  example.com:
    mx: [mail.example.com]
    spf: { all: softfail }
    dmarc: { policy: none }
    relays: [google]`)
    expect(stderr).toContain('would make 2 DKIM keys first')
    expect(stderr).toMatch(/Next: mailsync plan --config /)
  })

  test.each([
    [
      'Google',
      ['--receives', 'google', '--sends', 'google'],
      'mx: [{ host: smtp.google.com, preference: 1 }]',
      'relays: [google]',
    ],
    [
      'Microsoft',
      ['--receives', 'microsoft', '--mx', 'example-com.mail.protection.outlook.com', '--sends', 'microsoft'],
      'mx: [example-com.mail.protection.outlook.com]',
      'relays: [microsoft]',
    ],
    [
      'other servers and a relay by one of its servers',
      ['--mx', 'mx1.example.net', '--mx', 'mx2.example.net', '--sends', 'smtp.eu.mailgun.org'],
      'mx: [mx1.example.net, mx2.example.net]',
      'spf: { include: [mailgun.org], all: softfail }',
    ],
    [
      'an SPF to include',
      ['--mx', 'mx.example.net', '--sends', '_spf.example.net'],
      'mx: [mx.example.net]',
      'spf: { include: [_spf.example.net], all: softfail }',
    ],
    [
      'a machine that receives while a relay sends',
      ['--receives', 'here', '--host', 'mx.example.com', '--address', '192.0.2.1', '--sends', 'postmark'],
      'mx: [mx.example.com]',
      'spf: { mx: false, include: [spf.mtasv.net], all: softfail }',
    ],
    [
      'a machine that sends while others receive',
      ['--receives', 'google', '--sends', 'here', '--address', '192.0.2.1'],
      'mx: [{ host: smtp.google.com, preference: 1 }]',
      'spf: { hosts: [mail.example.com], all: softfail }',
    ],
    [
      'a domain that only receives',
      ['--receives', 'google', '--sends', 'nothing'],
      'mx: [{ host: smtp.google.com, preference: 1 }]',
      'spf: { all: fail }',
    ],
    [
      'a domain that only sends',
      ['--receives', 'nothing', '--sends', 'mailjet'],
      undefined,
      'spf: { include: [spf.mailjet.com], all: softfail }',
    ],
    [
      'a domain that only sends through mailboxes of a service',
      ['--receives', 'nothing', '--sends', 'fastmail'],
      undefined,
      'relays: { fastmail: { mx: false } }',
    ],
    [
      'a Gmail account as smart host',
      ['--mx', 'mx.example.net', '--sends', 'gmail-account'],
      'mx: [mx.example.net]',
      'relays: [gmail-account]',
    ],
  ])('for %s', async (_, flags, mx, spf) => {
    expect((await init('example.com', ...flags, ...LOCAL)).code).toBe(0)
    const text = await spec()
    const lines = text.split('\n').map((line) => line.trim())
    expect(lines.filter((line) => line.startsWith('mx:'))).toEqual(mx === undefined ? [] : [mx])
    expect(lines).toContain(spf)
  })

  test('what is still to be told of a relay, ready to be filled in', async () => {
    await init('example.com', '--mx', 'mx.example.net', '--sends', 'sendgrid', ...LOCAL)
    const text = await space.read('mailsync.yaml')
    expect(text).toContain('include: [sendgrid.net]')
    expect(text).toContain(
      '# Twilio SendGrid has DKIM keys and names for this domain: `mailsync relays sendgrid` says where',
    )
    expect(text).toMatch(/#\s+relays:\n\s+#\s+sendgrid:\n\s+#\s+target: u1234567\.wl123\.sendgrid\.net\n/)
  })

  test('a domain without mail is parked', async () => {
    await init('example.com', '--receives', 'nothing', '--sends', 'nothing', ...LOCAL)
    expect(await spec()).toContain('domains:\n  example.com:\n    mail: none')
  })

  test('plans without an error, and with what is missing only; after apply there is nothing to do', async () => {
    await init('example.com', '--receives', 'here', '--address', '192.0.2.10', '--sends', 'here', ...LOCAL)
    const planned = await space.run(['plan', '--detailed-exitcode'])
    expect(planned.code).toBe(2)
    expect(planned.stdout).not.toMatch(/^(error|.*\berror )/m)
    expect((await space.run(['apply', '--yes'])).code).toBe(0)
    expect((await space.run(['plan', '--detailed-exitcode'])).code).toBe(0)
  })

  test('comments that say what each part is for, and what the provider could have besides', async () => {
    await init(
      'example.com',
      '--mx',
      'mx.example.net',
      '--sends',
      'google',
      '--class',
      'rfc2136',
      '--option',
      'host=192.0.2.53',
    )
    const text = await space.read('mailsync.yaml')
    for (const words of ['# port: 53', 'Set TSIG_SECRET to it', '# What may send mail', 'DNS was not looked at'])
      expect(text).toContain(words)
  })

  test('a zone above the domain, where it is told', async () => {
    await init('news.example.com', '--zone', 'example.com', '--receives', 'nothing', '--sends', 'google', ...LOCAL)
    expect(await spec()).toContain('zones:\n  example.com.: { targets: [local] }')
  })

  test('the names of the schema, which an editor finds from the file', async () => {
    await init('example.com', '--receives', 'google', '--sends', 'google', ...LOCAL)
    expect(await space.read('mailsync.yaml')).toMatch(/^# yaml-language-server: \$schema=\.\/mailsync\.schema\.json\n/)
    expect(JSON.parse(await space.read('mailsync.schema.json'))).toHaveProperty('properties.domains')
  })

  test('the schema of a mailsync that is installed there, and no copy of it', async () => {
    await space.write('node_modules/mailsync/mailsync.schema.json', '{}')
    const { stderr } = await init('example.com', '--receives', 'google', '--sends', 'google', ...LOCAL)
    expect(await space.read('mailsync.yaml')).toMatch(/\$schema=\.\/node_modules\/mailsync\/mailsync\.schema\.json\n/)
    expect(stderr).not.toContain('mailsync.schema.json')
  })
})

describe('a secret', () => {
  test('that was given in the open is not in the spec', async () => {
    const { code, stderr } = await init(
      'example.com',
      '--receives',
      'google',
      '--sends',
      'google',
      '--class',
      'cloudflare',
      '--option',
      'token=hunter2hunter2',
    )
    expect(code).toBe(0)
    expect(stderr).toContain('Set the environment variable CLOUDFLARE_API_TOKEN')
    expect(await space.read('mailsync.yaml')).not.toContain('hunter2')
    expect(await spec()).toContain('token: env/CLOUDFLARE_API_TOKEN')
  })

  test('that is yet to be set is named in what to do next', async () => {
    const flags = [
      'example.com',
      '--receives',
      'google',
      '--sends',
      'google',
      '--class',
      'cloudflare',
      '--dry-run',
    ] as const
    expect((await init(...flags)).stderr).toContain('Set the environment variable CLOUDFLARE_API_TOKEN: API token')
    const { stderr } = await space.run(['init', ...flags, '--no-dns'], { env: { CLOUDFLARE_API_TOKEN: 'x' } })
    expect(stderr).not.toContain('Set the environment variable')
  })
})

describe('each adapter', () => {
  test.each(zoneClasses)('%s gets lines that it takes, its secrets as env/NAME', async (type) => {
    const plugin = await loadBuiltIn(type)
    const docs = plugin?.optionDocs ?? []
    const given = docs.filter(({ required, secret, usual }) => required && secret !== true && usual === undefined)
    const options = given.flatMap(({ name }) => [
      '--option',
      `${name}=${name === 'provider' ? 'octodns_gandi.GandiProvider' : '192.0.2.53'}`,
    ])
    const { code, stderr } = await init(
      'example.com',
      '--receives',
      'google',
      '--sends',
      'google',
      '--class',
      type,
      ...options,
    )
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const text = await space.read('mailsync.yaml')
    for (const { name } of docs) expect(text, name).toMatch(new RegExp(`^    (# )?${name}: `, 'm'))
    for (const { name, secret, required } of docs)
      if (secret === true && required) expect(text).toMatch(new RegExp(`^    ${name}: env/[A-Z0-9_]+$`, 'm'))
  })
})

describe('an octoDNS class', () => {
  const flags = ['example.com', '--receives', 'google', '--sends', 'google'] as const

  test.each([
    ['in place of a class', ['--class', 'octodns_gandi.GandiProvider']],
    ['as the option of class octodns', ['--class', 'octodns', '--option', 'provider=octodns_gandi.GandiProvider']],
  ])('by its name %s gets the block that it wants', async (_, provider) => {
    const { code, stderr } = await init(...flags, ...provider)
    expect(code).toBe(0)
    expect(await spec()).toContain('provider: { class: octodns_gandi.GandiProvider, token: env/GANDI_TOKEN }')
    expect(stderr).toContain('Set the environment variable GANDI_TOKEN: token in provider.')
    expect(stderr).toContain('pip install octodns octodns-gandi')
  })

  test('that is not known here stands alone', async () => {
    expect((await init(...flags, '--class', 'octodns_mine.MyProvider')).code).toBe(0)
    expect(await spec()).toContain('provider: { class: octodns_mine.MyProvider }')
  })
})

describe('DNS that cannot be asked', () => {
  const flags = [
    'example.com',
    '--receives',
    'google',
    '--sends',
    'google',
    ...LOCAL,
    '--resolver',
    '127.0.0.1:1',
  ] as const

  test('ends it without a terminal, and says how to go on', async () => {
    const { code, stderr } = await space.run(['init', ...flags])
    expect(code).toBe(1)
    expect(stderr).toContain('--no-dns')
    await expect(space.read('mailsync.yaml')).rejects.toThrow()
  })

  test('is no matter where a person says so', async () => {
    const { terminal } = person([
      ['Go on without it?', KEY.enter],
      ['the three GitHub workflows', KEY.enter],
    ])
    expect((await space.run(['init', ...flags], { terminal })).code).toBe(0)
    expect(await space.read('mailsync.yaml')).toContain('DNS was not looked at')
  })
})

describe('the files', () => {
  const FLAGS = ['example.com', '--receives', 'google', '--sends', 'google', ...LOCAL] as const

  test('that are there already are not overwritten, unless with --force', async () => {
    await space.write('mailsync.yaml', 'mine')
    const { code, stderr } = await init(...FLAGS)
    expect(code).toBe(3)
    expect(stderr).toContain('is there already, and not overwritten')
    expect(await space.read('mailsync.yaml')).toBe('mine')
    await expect(space.read('.gitignore')).rejects.toThrow()
    expect((await init(...FLAGS, '--force')).code).toBe(0)
    expect(await space.read('mailsync.yaml')).toContain('example.com')
  })

  test('workflows that are there already stop it before anything is written', async () => {
    await space.write('.github/workflows/mailsync-plan.yml', 'mine')
    const { code, stderr } = await init(...FLAGS, '--workflows')
    expect(code).toBe(3)
    expect(stderr).toContain('mailsync-plan.yml')
    await expect(space.read('mailsync.yaml')).rejects.toThrow()
  })

  test('--dry-run prints the spec, names the files and writes none', async () => {
    const { code, stdout, stderr } = await init(...FLAGS, '--dry-run', '--workflows')
    expect(code).toBe(0)
    expect(stdout).toContain('domains:\n  example.com:')
    for (const file of ['mailsync.yaml', '.gitignore', 'mailsync-drift.yml']) expect(stderr).toContain(file)
    for (const file of ['mailsync.yaml', '.gitignore']) await expect(space.read(file)).rejects.toThrow()
  })

  test('a .gitignore is added to, once', async () => {
    await space.write('.gitignore', 'dist/')
    await init(...FLAGS)
    const first = await space.read('.gitignore')
    expect(first).toMatch(/^dist\/\n/)
    expect(first).toContain('\nkeys/**/*.pem\n')
    await init(...FLAGS, '--force')
    expect(await space.read('.gitignore')).toBe(first)
  })

  test('the workflows are those of the examples, with the variables of the provider', async () => {
    await init('example.com', '--receives', 'google', '--sends', 'google', '--class', 'cloudflare', '--workflows')
    for (const name of ['mailsync-plan.yml', 'mailsync-apply.yml', 'mailsync-drift.yml']) {
      const example = await readFile(`examples/github/${name}`, 'utf8')
      const written = await space.read(`.github/workflows/${name}`)
      expect(load(written)).toEqual(load(example.replace(/^ +DNS_TOKEN:/m, '          CLOUDFLARE_API_TOKEN:')))
      expect(written).not.toMatch(/\bDNS_TOKEN|Copy to/)
    }
  })

  test('the workflows have a secret for each of several variables', async () => {
    const aws = ['access_key_id=env/AWS_ACCESS_KEY_ID', 'secret_access_key=env/AWS_SECRET_ACCESS_KEY']
    const options = aws.flatMap((option) => ['--option', option])
    await init(
      'example.com',
      '--receives',
      'google',
      '--sends',
      'google',
      '--class',
      'route53',
      ...options,
      '--workflows',
    )
    const plan = await space.read('.github/workflows/mailsync-plan.yml')
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
      expect(plan).toContain(`${name}: \${{ secrets.${name}_READ }}`)
  })

  test('the workflows hand over nothing where the provider needs nothing', async () => {
    await init(...FLAGS, '--workflows')
    for (const name of ['plan', 'apply', 'drift']) {
      const text = await space.read(`.github/workflows/mailsync-${name}.yml`)
      expect(text).not.toMatch(/DNS_TOKEN|secrets\./)
      expect(text).toMatch(/^name: mailsync/m)
    }
  })

  test('workflows are refused where the spec is not at the top of its repository', async () => {
    await mkdir(space.path('.git'))
    const config = ['--config', space.path('dns/mailsync.yaml')]
    const { code, stderr } = await runMain(['init', ...FLAGS, '--no-dns', '--workflows', ...config])
    expect(code).toBe(1)
    expect(stderr).toContain('at the top of its repository')
  })
})
