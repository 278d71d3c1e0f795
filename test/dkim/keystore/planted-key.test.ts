import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Workspace, workspace } from '../../cli/workspace.js'

const SPEC = `providers: { files: { class: yaml, directory: zones } }
zones: { example.com: { targets: [files] } }
hosts: { mail.example.com: { addresses: [192.0.2.1], reverse: false, helo_spf: false } }
defaults: { dkim: { algorithms: [ed25519] }, dmarc: false }
domains: { example.com: { mx: [mail.example.com] } }
`
const KEY = 'keys/example.com/s202611.pem'
let space: Workspace
beforeEach(async () => {
  space = await workspace({ 'mailsync.yaml': SPEC })
  await space.run(['dkim', 'generate'])
  rmSync(space.path('keys/example.com/public.json'))
})
afterEach(() => space.remove())

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    cwd: space.directory,
    stdio: 'ignore',
  })

describe('a private key that is there and in no index', () => {
  test('is called found by generate, and not counted as new', async () => {
    const { code, stdout, stderr } = await space.run(['dkim', 'generate'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'example.com  s202611  ed25519  found\n' })
    expect(stderr).toMatch(/^0 new keys and 1 found in /)
  })

  test('is called found by apply', async () => {
    const { code, stdout } = await space.run(['apply', '--yes'])
    expect(code).toBe(0)
    expect(stdout).toContain('s202611._domainkey.example.com.  ed25519 key found, not generated')
  })

  test('is called found by apply in JSON, and one that was made is not', async () => {
    const privateKey = space.path('keys/example.com/s202611.pem')
    expect(JSON.parse((await space.run(['apply', '--yes', '--format', 'json'])).stdout).keys).toEqual([
      { domain: 'example.com.', selector: 's202611', algorithm: 'ed25519', privateKey, found: true },
    ])
    rmSync(space.path('keys'), { recursive: true })
    rmSync(space.path('zones'), { recursive: true })
    expect(JSON.parse((await space.run(['apply', '--yes', '--format', 'json'])).stdout).keys).toEqual([
      { domain: 'example.com.', selector: 's202611', algorithm: 'ed25519', privateKey },
    ])
  })

  test('is found in a work tree too, where git does not have it', async () => {
    git('init')
    expect((await space.run(['dkim', 'generate'])).stdout).toContain('found')
  })

  test('is found where the folder of all keys is a symbolic link', async () => {
    renameSync(space.path('keys'), space.path('elsewhere'))
    symlinkSync('elsewhere', space.path('keys'))
    expect((await space.run(['dkim', 'generate'])).stdout).toContain('found')
  })
})

const plants: [string, () => void, RegExp][] = [
  [
    'a symbolic link',
    () => {
      renameSync(space.path(KEY), space.path('key.pem'))
      symlinkSync('../../key.pem', space.path(KEY))
    },
    /it is a symbolic link/,
  ],
  [
    'a symbolic link that leads nowhere',
    () => {
      rmSync(space.path(KEY))
      symlinkSync('../../key.pem', space.path(KEY))
    },
    /it is a symbolic link/,
  ],
  [
    'in a folder that is a symbolic link',
    () => {
      renameSync(space.path('keys/example.com'), space.path('elsewhere'))
      symlinkSync('../elsewhere', space.path('keys/example.com'))
    },
    /example\.com is a symbolic link/,
  ],
  ['readable by the group', () => chmodSync(space.path(KEY), 0o640), /other users can read or write it/],
  [
    'no file',
    () => {
      rmSync(space.path(KEY))
      mkdirSync(space.path(KEY))
    },
    /it is not a regular file/,
  ],
  [
    'tracked by git',
    () => {
      git('init')
      git('add', '--force', KEY)
    },
    /git has it/,
  ],
  [
    'tracked by git, in a repository around a folder with odd characters',
    () => {
      git('init')
      cpSync(space.path('keys'), space.path('[k]*eys'), { recursive: true })
      rmSync(space.path('keys'), { recursive: true })
      git('add', '--force', ':(literal)[k]*eys')
      symlinkSync('[k]*eys', space.path('keys'))
    },
    /git has it/,
  ],
  [
    'in a repository that git cannot read',
    () => {
      git('init')
      rmSync(space.path('.git/HEAD'))
    },
    /git cannot say/,
  ],
]
if (process.getuid?.() === 0)
  plants.push(["another user's", () => chownSync(space.path(KEY), 65_534, 65_534), /another user owns it/])

describe.skipIf(process.platform === 'win32').each(plants)('a private key that is %s', (_, plant, why) => {
  test.each([[['dkim', 'generate']], [['apply', '--yes']]])('is published by no `%j`', async (args) => {
    plant()
    const { code, stdout, stderr } = await space.run(args)
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toMatch(why)
    await expect(space.read('keys/example.com/public.json')).rejects.toThrow('ENOENT')
    await expect(space.read('zones/example.com.yaml')).rejects.toThrow('ENOENT')
  })
})

test('keys.directory may be an absolute path', async () => {
  const directory = join(space.directory, 'of all', 'keys')
  await space.write('mailsync.yaml', `${SPEC}keys: { directory: ${JSON.stringify(directory)} }\n`)
  expect((await space.run(['dkim', 'generate'])).code).toBe(0)
  await expect(space.read('of all/keys/example.com/s202611.pem')).resolves.toContain('PRIVATE KEY')
})
