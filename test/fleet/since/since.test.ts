import { execFileSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Ran, runMain, type Workspace, workspace } from '../../cli/workspace.js'

const EMPTY = '---\n{}\n'
const NAMES = ['one', 'two', 'three', 'four']
const ZONES = Object.fromEntries(
  ['example.net', '2.0.192.in-addr.arpa', ...NAMES.map((name) => `${name}.example`)].map((zone) => [
    `zones/${zone}.yaml`,
    EMPTY,
  ]),
)
const SPEC = `providers:
  local: { class: yaml, directory: zones }
zones:
  example.net.: &here { targets: [local] }
  2.0.192.in-addr.arpa.: *here
${NAMES.map((name) => `  ${name}.example.: *here`).join('\n')}
hosts:
  mail.example.net: { addresses: [192.0.2.10] }
  spare.example.net: { addresses: [192.0.2.11] }
defaults: { dkim: false, dmarc: { policy: reject } }
domains:
  one.example: !include domains/one.yaml
  two.example: { mx: [mail.example.net] }
  three.example: { mx: [mail.example.net] }
  four.example: { mx: [spare.example.net] }
`

const ENV = { env: { PATH: process.env.PATH ?? '' } }

let space: Workspace
beforeEach(async () => {
  space = await workspace({ ...ZONES, 'mailsync.yaml': SPEC, 'domains/one.yaml': 'mx: [mail.example.net]\n' })
  git('init', '--quiet', '--initial-branch=main')
  commit()
})
afterEach(() => space.remove())

function git(...args: string[]): string {
  const own = ['-c', 'user.name=mailsync', '-c', 'user.email=mailsync@example.com', '-c', 'commit.gpgsign=false']
  return execFileSync('git', ['-C', space.directory, ...own, ...args], { encoding: 'utf8' }).trim()
}

function commit(): void {
  git('add', '--all')
  git('commit', '--quiet', '--message', 'change')
}

function run(...args: string[]): Promise<Ran> {
  return space.run(args, ENV)
}

async function edit(from: string, to: string, file = 'mailsync.yaml'): Promise<void> {
  const text = await space.read(file)
  expect(text).toContain(from)
  await space.write(file, text.replace(from, to))
}

/** The zones that a plan would change, and how many it did not look at. */
async function planned(...args: string[]): Promise<{ zones: string[]; left: number | undefined; notes: string[] }> {
  const { code, stdout, stderr } = await run('plan', '--format', 'json', '--no-dns', ...args)
  if (code !== 0) throw new Error(`${stdout}\n${stderr}`)
  const plan = JSON.parse(stdout)
  return {
    zones: plan.zones.map(({ zone }: { zone: string }) => zone),
    left: plan.narrowed?.[0]?.notLookedAt,
    notes: plan.problems
      .filter(({ rule }: { rule: string }) => rule === 'since-everything')
      .map(({ message }: { message: string }) => message),
  }
}

const REVERSE = '2.0.192.in-addr.arpa.'
const EVERY = [REVERSE, 'example.net.', 'four.example.', 'one.example.', 'three.example.', 'two.example.']

describe('plan --since looks at', () => {
  test('no zone where nothing was changed since, and says what that leaves unseen', async () => {
    const { code, stdout } = await run('plan', '--since', 'HEAD')
    expect(code).toBe(0)
    const short = git('rev-parse', '--short=7', 'HEAD')
    expect(stdout).toContain(`Nothing to do: no zone had to be looked at.
6 zones were not looked at: their desired records are as in HEAD (${short}). What others changed there is not seen.`)
  })

  test('the zone of a domain that was changed in an included file, committed or not', async () => {
    await edit('mx', 'dmarc: { policy: none }\nmx', 'domains/one.yaml')
    expect(await planned('--since', 'HEAD')).toMatchObject({ zones: ['one.example.'], left: 5 })
    commit()
    expect(await planned('--since', 'HEAD~1')).toMatchObject({ zones: ['one.example.'], left: 5 })
    expect(await planned('--since', 'HEAD')).toMatchObject({ zones: [], left: 6 })
  })

  test('every zone that an address of a host is in, by A, SPF and PTR', async () => {
    await edit('192.0.2.10', '192.0.2.12')
    expect((await planned('--since', 'main')).zones).toEqual(EVERY.filter((zone) => zone !== 'four.example.'))
  })

  test('every zone, where the owner of all records is another one or the defaults are', async () => {
    await edit('defaults:', 'ownership: { owner: other }\ndefaults:')
    expect((await planned('--since', 'main')).zones).toEqual(EVERY)
    await space.write('mailsync.yaml', SPEC.replace('policy: reject', 'policy: none'))
    expect((await planned('--since', 'main')).zones).toEqual(NAMES.map((name) => `${name}.example.`).sort())
  })

  test('a zone that is at another provider, whose options are others, or that is new', async () => {
    await edit('  local:', '  other: { class: yaml, directory: zones }\n  local:')
    await edit('  two.example.: *here', '  two.example.: { targets: [other] }')
    expect((await planned('--since', 'main')).zones).toEqual(['two.example.'])
    commit()
    await edit('other: { class: yaml, directory: zones }', 'other: { class: yaml, directory: zones, default_ttl: 60 }')
    expect((await planned('--since', 'main')).zones).toEqual(['two.example.'])
    await edit('  two.example.:', '  five.example.: *here\n  two.example.:')
    await space.write('zones/five.example.yaml', EMPTY)
    await edit('  four.example: {', '  five.example: { mx: [spare.example.net] }\n  four.example: {')
    expect((await planned('--since', 'main')).zones).toEqual(['five.example.', 'two.example.'])
  })

  test('the zone that authorises DMARC reports of a domain elsewhere', async () => {
    await edit('four.example: {', 'four.example: { dmarc: { policy: reject, rua: [d@three.example] },')
    expect((await planned('--since', 'main')).zones).toEqual(['four.example.', 'three.example.'])
  })

  test('a zone of its own below a domain, with what the domains that write there have', async () => {
    await edit(
      'two.example: { mx: [mail.example.net] }',
      'two.example: { mx: [mail.example.net], dmarc: { rua: [r@three.example] } }',
    )
    commit()
    const below = ['_dmarc.four.example.', '_report._dmarc.three.example.']
    for (const zone of below) await space.write(`zones/${zone}yaml`, EMPTY)
    await edit('  one.example.:', `${below.map((zone) => `  ${zone}: *here\n`).join('')}  one.example.:`)
    expect((await planned('--since', 'HEAD')).zones).toEqual(expect.arrayContaining(below))
  })
  test('the zone of a key that was made since', async () => {
    await edit('two.example: {', 'two.example: { dkim: { algorithms: [ed25519] },')
    commit()
    expect((await run('dkim', 'generate')).code).toBe(0)
    expect(await planned('--since', 'HEAD')).toMatchObject({ zones: ['two.example.'], left: 5 })
    commit()
    expect(await planned('--since', 'HEAD')).toMatchObject({ zones: [], left: 6 })
    expect((await planned('--since', 'HEAD~2')).zones).toEqual(['two.example.'])
  })

  test('zones of what was observed then, of which the revision says nothing', async () => {
    await edit('addresses: [192.0.2.11]', "addresses: { from: ['exec:echo 9.9.9.9'] }")
    commit()
    expect((await planned('--since', 'HEAD')).zones).toEqual([REVERSE, 'example.net.', 'four.example.'])
  })

  test('a zone that left the spec, or a provider, not at all: a note says that what is ours there stays', async () => {
    const left = async (...args: string[]): Promise<string[]> => {
      const { stdout } = await run('plan', '--format', 'json', '--no-dns', '--since', 'HEAD', ...args)
      return JSON.parse(stdout)
        .problems.filter(({ rule }: { rule: string }) => rule === 'zone-left')
        .map(({ message }: { message: string }) => message)
    }
    await edit('  three.example.: *here\n', '')
    await edit('  three.example: { mx: [mail.example.net] }\n', '')
    const gone = 'three.example is no longer kept at local, as it was in HEAD: what mailsync wrote there stays'
    expect(await left()).toEqual([gone])
    expect(await left('--zone', 'two.example')).toEqual([])
    expect([await left('--shard', '1/2'), await left('--shard', '2/2')]).toEqual([[gone], []])
    await edit('  local:', '  other: { class: yaml, directory: other }\n  local:')
    await edit('four.example.: *here', 'four.example.: { targets: [other] }')
    expect(await left()).toEqual([gone, gone.replace('three', 'four')])
    commit()
    await edit('  local:', '  renamed:')
    await edit('targets: [local]', 'targets: [renamed]')
    expect(await left()).toEqual([])
  })

  test('zones that only a provider tells of', async () => {
    await space.write(
      'mailsync.yaml',
      SPEC.replace(/zones:\n(?: {2}\S+\. ?:? .*\n)+/, "zones: { '*': { targets: [local] } }\n"),
    )
    expect(await space.read('mailsync.yaml')).not.toContain('*here')
    commit()
    expect(await planned('--since', 'HEAD')).toMatchObject({ zones: [], left: 6 })
    await edit('mx', 'dmarc: { policy: none }\nmx', 'domains/one.yaml')
    expect(await planned('--since', 'HEAD')).toMatchObject({ zones: ['one.example.'], left: 5 })
    // They were declared then, at the same provider.
    expect((await planned('--since', 'HEAD~1')).zones).toEqual(['one.example.'])
  })

  test('what --zone and --domain leave of it', async () => {
    await edit('192.0.2.10', '192.0.2.12')
    expect((await planned('--since', 'main', '--zone', 'two.example')).zones).toEqual(['two.example.'])
    expect(await planned('--since', 'main', '--zone', 'four.example')).toMatchObject({ zones: [], left: 1 })
    expect((await planned('--since', 'main', '--domain', 'two.example')).zones).toEqual([
      REVERSE,
      'example.net.',
      'two.example.',
    ])
  })
})

describe('plan --since reads of the spec', () => {
  test('what differs: a fault there is told where it is, one that was there before is not', async () => {
    await edit('  three.example: {', '  three.example: { mmx: [],')
    commit()
    await edit('  two.example: { mx', '  two.example: { ttl: 600, mx')
    expect(await planned('--since', 'HEAD')).toMatchObject({ zones: ['two.example.'], left: 5 })
    await edit('ttl: 600', 'tttl: 600')
    const { code, stderr } = await run('plan', '--since', 'HEAD')
    expect([code, stderr]).toEqual([1, expect.stringMatching(/mailsync\.yaml:16:18 {2}error {4}unknown key "tttl"/)])
    expect(stderr).toContain('mmx')
  })

  test('all, where it is more than an entry that differs', async () => {
    await edit('  three.example: {', '  three.example: { mmx: [],')
    commit()
    await edit('policy: reject', 'policy: none')
    expect(await run('plan', '--since', 'HEAD')).toMatchObject({ code: 1, stderr: expect.stringContaining('mmx') })
  })
})

describe('apply --since', () => {
  test('writes what was changed since, and touches nothing else', async () => {
    await run('apply', '--yes')
    const drifted = `${await space.read('zones/two.example.yaml')}stray:\n  type: A\n  value: 192.0.2.99\n`
    await space.write('zones/two.example.yaml', drifted)
    await edit('mx', 'dmarc: { policy: none }\nmx', 'domains/one.yaml')
    const { code, stdout } = await run('apply', '--yes', '--since', 'HEAD')
    expect([code, stdout]).toEqual([0, expect.stringContaining('0 created, 1 updated, 0 deleted in 1 zone')])
    expect(await space.read('zones/one.example.yaml')).toContain('p=none')
    expect(await space.read('zones/two.example.yaml')).toBe(drifted)
    expect((await planned()).zones).toEqual([])
  })

  test('makes the keys of what was changed, publishes them, and lets the others wait', async () => {
    await edit('two.example: {', 'two.example: { dkim: { algorithms: [ed25519] },')
    await edit('three.example: {', 'three.example: { dkim: { algorithms: [ed25519] },')
    commit()
    await edit('two.example: { dkim', 'two.example: { ttl: 600, dkim')
    const { code, stdout } = await run('apply', '--yes', '--since', 'HEAD', '--format', 'json')
    const { keys, zones } = JSON.parse(stdout)
    expect([code, keys, zones]).toEqual([
      0,
      [expect.objectContaining({ domain: 'two.example.' })],
      [expect.objectContaining({ zone: 'two.example.', pending: [] })],
    ])
    expect(await space.read('zones/two.example.yaml')).toContain('_domainkey:')
    expect((await planned('--zone', 'two.example')).zones).toEqual([])
    expect(await space.read('zones/three.example.yaml')).toBe(EMPTY)
  })

  test('keeps to the limits of what may go: a zone that loses most of its records needs --force', async () => {
    await run('apply', '--yes')
    const before = await space.read('zones/four.example.yaml')
    await edit(/ {2}four.example: .*\n/.exec(SPEC)?.[0] as string, '')
    expect(await run('apply', '--yes', '--since', 'HEAD')).toMatchObject({ code: 3 })
    expect(await space.read('zones/four.example.yaml')).toBe(before)
    expect(await run('apply', '--yes', '--since', 'HEAD', '--force')).toMatchObject({ code: 0 })
    expect(await space.read('zones/four.example.yaml')).not.toContain('MX')
  })

  test('says in JSON what it did not look at', async () => {
    const { stdout } = await run('apply', '--yes', '--since', 'HEAD', '--format', 'json')
    expect(JSON.parse(stdout).narrowed).toMatchObject([{ by: 'since', value: 'HEAD', notLookedAt: 6 }])
  })

  test('carries out a plan that was saved, which needs no revision', async () => {
    await run('apply', '--yes')
    const others = await space.read('zones/two.example.yaml')
    await edit('mx', 'dmarc: { policy: none }\nmx', 'domains/one.yaml')
    const file = space.path('plan.json')
    await run('plan', '--since', 'HEAD', '--out', file)
    expect(await run('apply', file, '--yes', '--since', 'HEAD')).toMatchObject({ code: 1 })
    expect(await run('apply', file, '--yes')).toMatchObject({ code: 0 })
    expect(await space.read('zones/one.example.yaml')).toContain('p=none')
    expect(await space.read('zones/two.example.yaml')).toBe(others)
  })
})

describe('everything is planned, and the plan says why,', () => {
  test('where the spec was not there', async () => {
    await space.write('other.txt', '')
    git('rm', '--quiet', '--cached', 'mailsync.yaml')
    git('commit', '--quiet', '--message', 'none')
    const { zones, left, notes } = await planned('--since', 'HEAD')
    expect([zones, left]).toEqual([EVERY, undefined])
    expect(notes).toEqual([expect.stringMatching(/^every zone is planned: .*mailsync\.yaml was not there in HEAD \(/)])
  })

  test('where it had errors', async () => {
    await edit('mx: [mail.example.net] }', 'mx: 7 }')
    commit()
    await space.write('mailsync.yaml', SPEC)
    const { zones, notes } = await planned('--since', 'HEAD')
    expect(zones).toEqual(EVERY)
    expect(notes).toEqual([
      expect.stringMatching(/it is not known what .* meant in HEAD \([0-9a-f]{7}\): .*mailsync\.yaml:16: /),
    ])
  })

  test('where it included what is in no repository', async () => {
    const outside = await workspace({ 'one.yaml': 'mx: [mail.example.net]\n' })
    await edit('domains/one.yaml', outside.path('one.yaml'))
    commit()
    expect((await planned('--since', 'HEAD')).notes).toEqual([expect.stringContaining('outside of the repository')])
    await outside.remove()
  })
})

describe('a revision', () => {
  test('whose folders a partial clone left out is not known, so everything is planned', async () => {
    commitEmpty()
    const id = git('rev-parse', 'HEAD^{tree}')
    await rm(space.path(`.git/objects/${id.slice(0, 2)}/${id.slice(2)}`))
    expect(await planned('--since', 'HEAD')).toEqual({
      zones: EVERY,
      left: undefined,
      notes: [
        expect.stringMatching(
          /^every zone is planned: it is not known what .*mailsync\.yaml meant in HEAD .*: git says: /,
        ),
      ],
    })
  })

  test('is read whole: nothing of the files that are there now comes into it', async () => {
    await edit('mx', 'dmarc: { policy: none }\nmx', 'domains/one.yaml')
    git('mv', 'domains', 'below')
    await edit('domains/one.yaml', 'below/one.yaml')
    commit()
    expect((await planned('--since', 'HEAD~1')).zones).toEqual(['one.example.'])
    await rm(space.path('.gitignore'), { force: true })
    await space.write('domains/one.yaml', 'mx: none\n')
    expect((await planned('--since', 'HEAD')).zones).toEqual([])
  })

  test('may have links within the repository', async () => {
    await space.write('shared/one.yaml', 'mx: [mail.example.net]\n')
    await rm(space.path('domains'), { recursive: true })
    execFileSync('ln', ['-s', 'shared', space.path('domains')])
    commit()
    expect(await planned('--since', 'HEAD')).toMatchObject({ zones: [], left: 6, notes: [] })
    expect(await planned('--since', 'HEAD~1')).toMatchObject({ zones: [], left: 6 })
  })

  test('of a folder below the top of the repository, whatever a hook of git has in the environment', async () => {
    const top = await workspace({})
    const spec = { ...ZONES, 'mailsync.yaml': SPEC, 'domains/one.yaml': 'mx: [mail.example.net]\n' }
    for (const [file, text] of Object.entries(spec)) await top.write(`dns/mail/${file}`, text)
    const inTop = (...args: string[]) =>
      execFileSync('git', ['-C', top.directory, '-c', 'user.name=m', '-c', 'user.email=m@example.com', ...args])
    inTop('init', '--quiet')
    inTop('add', '--all')
    inTop('commit', '--quiet', '--message', 'one')
    await top.write('dns/mail/domains/one.yaml', 'mx: none\n')
    const { stdout } = await runMain(['plan', '--since', 'HEAD', '--config', top.path('dns/mail/mailsync.yaml')], {
      env: { ...ENV.env, GIT_DIR: space.path('.git') },
    })
    expect(stdout).toContain('in 1 zone.')
    await top.remove()
  })

  test.each([
    ['that git does not know', 'nowhere', '--since "nowhere": there is no such commit in this repository', 'git log'],
    ['that is no commit', 'HEAD:mailsync.yaml', 'there is no such commit in this repository', 'git log'],
    ['that git would take for an option', '--output=x', '--since "--output=x" is no revision', '--since main'],
  ])('%s is refused, with what to do', async (_, revision, message, hint) => {
    const { code, stderr } = await run('plan', `--since=${revision}`)
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)])
    expect(stderr).toContain(hint)
  })

  test('that a shallow clone lacks is refused, with how to fetch it', async () => {
    commitEmpty()
    const clone = await workspace({})
    git('clone', '--quiet', '--depth=1', `file://${space.directory}`, clone.path('shallow'))
    const { code, stderr } = await runMain(
      ['plan', '--since', 'HEAD~1', '--config', clone.path('shallow/mailsync.yaml')],
      ENV,
    )
    expect([code, stderr]).toEqual([1, expect.stringContaining('fetch-depth: 0')])
    await clone.remove()
  })

  test('starts no program that the repository names for what a partial clone left out', async () => {
    commitEmpty()
    const id = git('rev-parse', 'HEAD:mailsync.yaml')
    await rm(space.path(`.git/objects/${id.slice(0, 2)}/${id.slice(2)}`))
    const settings = [
      ['core.repositoryFormatVersion', '1'],
      ['extensions.partialClone', 'evil'],
      ['remote.evil.promisor', 'true'],
      ['remote.evil.url', `ext::touch ${space.path('started')}`],
      ['protocol.ext.allow', 'always'],
    ] as const
    for (const [name, value] of settings) git('config', name, value)
    const { code, stdout } = await run('plan', '--since', 'HEAD')
    expect([code, stdout]).toEqual([0, expect.stringContaining('since-everything')])
    await expect(space.read('started')).rejects.toThrow('ENOENT')
  })

  test('without a repository, or without git, is refused', async () => {
    await rm(space.path('.git'), { recursive: true })
    const { code, stderr } = await run('plan', '--since', 'HEAD')
    expect([code, stderr]).toEqual([1, expect.stringContaining('git cannot read the repository of')])
    const without = await space.run(['plan', '--since', 'HEAD'], { env: { PATH: space.directory } })
    expect([without.code, without.stderr]).toEqual([1, expect.stringContaining('there is no git here')])
  })
})

function commitEmpty(): void {
  git('commit', '--quiet', '--allow-empty', '--message', 'empty')
}
