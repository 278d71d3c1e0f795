import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { putInState } from '../../dkim/hand-over/key-states.js'
import { BUILT_CLI, type Workspace, workspace } from '../workspace.js'

const DOMAINS = ['a.example', 'b.example', 'c.example']
const SPEC = `
providers: { dns: { class: yaml, directory: zones } }
zones: { ${DOMAINS.map((domain) => `${domain}: { targets: [dns] }`).join(', ')} }
hosts: { mail.a.example: { addresses: [192.0.2.10], reverse: false } }
defaults: { dkim: { algorithms: [ed25519] } }
domains: { ${DOMAINS.map((domain) => `${domain}: { mx: [mail.a.example] }`).join(', ')} }
`

describe('dkim export', () => {
  let space: Workspace
  beforeEach(async () => {
    space = await workspace({ 'mailsync.yaml': SPEC })
    await space.run(['dkim', 'generate'])
    for (const domain of DOMAINS) await putInState(space, domain, 's202611', 'signing')
  })
  afterEach(() => space.remove())

  const args = (folder: string): string[] => [
    ...['dkim', 'export', '--format', 'rspamd', '--at', '/srv/dkim'],
    ...['--out', space.path(folder)],
  ]
  const files = async (folder: string): Promise<string[]> =>
    (await readdir(space.path(folder), { recursive: true, withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(space.path(folder).length + 1))
      .sort()
  const texts = async (folder: string): Promise<[string, string, number][]> =>
    Promise.all(
      (await files(folder)).map(async (file) => [
        file,
        await space.read(`${folder}/${file}`),
        (await stat(space.path(`${folder}/${file}`))).mode & 0o777,
      ]),
    )
  const start = (folder: string) =>
    spawn(process.execPath, [BUILT_CLI, ...args(folder), '--config', space.path('mailsync.yaml')], { stdio: 'ignore' })

  test.each([1, 2, 3, 4, 5])(
    'killed once %i files are there, no table names a key that is not, and the next run leaves nothing half-written',
    async (number) => {
      const child = start('out')
      const exit = once(child, 'exit')
      let isOver = false
      void exit.then(() => {
        isOver = true
      })
      while (!isOver && (await files('out')).length < number) await new Promise((done) => setImmediate(done))
      child.kill('SIGKILL')
      await exit
      const there = await files('out')
      for (const table of there.filter((name) => name.endsWith('.conf') && !name.startsWith('.')))
        for (const [, key = ''] of (await readFile(space.path(`out/${table}`), 'utf8')).matchAll(
          /"\/srv\/dkim\/([^"]+)"/g,
        ))
          expect(there).toContain(key)
      expect((await space.run(args('out'))).code).toBe(0)
      await space.run(args('whole'))
      expect(await texts('out')).toEqual(await texts('whole'))
    },
  )

  test('killed while it wrote a private key, the next run takes away what is half-written', async () => {
    await space.run(args('out'))
    const [key = ''] = (await files('out')).filter((name) => name.startsWith('keys/') && name.endsWith('.key'))
    const draft = key.replace('keys/', `keys/.new-${'ab'.repeat(16)}-`)
    await space.write(`out/${draft}`, await space.read(`out/${key}`))
    await space.write('out/keys/.new-mine', 'a file of somebody else')
    expect((await space.run(args('out'))).code).toBe(0)
    expect(await files('out')).not.toContain(draft)
    expect(await files('out')).toContain('keys/.new-mine')
  })

  test('twice at once, both end well and the files are whole', async () => {
    const children = [start('out'), start('out'), start('out')]
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]))
    expect(codes).toEqual([0, 0, 0])
    await space.run(args('whole'))
    expect(await texts('out')).toEqual(await texts('whole'))
  })
})
