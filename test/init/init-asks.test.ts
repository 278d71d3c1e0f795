import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { zoneClasses } from '../../providers/index.js'
import { relays } from '../../records/relays/index.js'
import { type Ran, type Workspace, workspace } from '../cli/workspace.js'
import { KEY, person, type Script } from './person.js'

let space: Workspace
beforeEach(async () => {
  space = await workspace({})
})
afterEach(() => space.remove())

/** Runs init with a person at the terminal, who is asked everything the script has. */
async function asked(script: Script, ...args: readonly string[]): Promise<Ran & { readonly shown: string }> {
  const { terminal, shown, unasked } = person(script)
  const ran = await space.run(['init', ...args, '--no-dns'], { terminal })
  expect(unasked()).toEqual([])
  return { ...ran, shown: shown() }
}

const down = (times: number): string[] => Array.from({ length: times }, () => KEY.down)

describe('init on a terminal', () => {
  test('asks for what a spec needs, and writes it', async () => {
    const { code, stdout } = await asked([
      ['mail domain', 'example.com', KEY.enter],
      ['What receives mail for example.com?', KEY.enter],
      ['What sends mail from example.com?', KEY.space, KEY.down, KEY.space, KEY.enter],
      ['The name of your machine', KEY.erase, 'mx.example.com', KEY.enter],
      ['The addresses of mx.example.com', KEY.erase, '192.0.2.10, 2001:db8::10', KEY.enter],
      ['Who holds the zone?', ...down(zoneClasses.indexOf('rfc2136')), KEY.enter],
      ['primary server', '192.0.2.53', KEY.enter],
      ['the three GitHub workflows', KEY.enter],
    ])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    const text = await space.read('mailsync.yaml')
    expect(text).toContain('mx: [mx.example.com]')
    expect(text).toContain('addresses: [192.0.2.10, 2001:db8::10]')
    expect(text).toContain('relays: [google]')
    expect(text).toContain('host: 192.0.2.53')
    await expect(space.read('.github/workflows/mailsync-plan.yml')).rejects.toThrow()
  })

  test('writes the workflows where they are wanted', async () => {
    const flags = ['example.com', '--receives', 'google', '--sends', 'google', '--class', 'yaml']
    const { code, stderr } = await asked([['the three GitHub workflows', 'y']], ...flags)
    expect(code).toBe(0)
    for (const name of ['plan', 'apply', 'drift']) {
      expect(stderr).toContain(`mailsync-${name}.yml`)
      expect(await space.read(`.github/workflows/mailsync-${name}.yml`)).toContain('jobs:')
    }
  })

  test('does not ask for workflows where one of them is there already', async () => {
    await space.write('.github/workflows/mailsync-plan.yml', 'mine')
    const flags = ['example.com', '--receives', 'google', '--sends', 'google', '--class', 'yaml']
    expect((await asked([], ...flags)).code).toBe(0)
    expect(await space.read('.github/workflows/mailsync-plan.yml')).toBe('mine')
  })

  test('asks nothing that the flags say', async () => {
    const flags = ['example.com', '--receives', 'google', '--sends', 'google', '--class', 'yaml', '--no-workflows']
    expect((await asked([], ...flags)).code).toBe(0)
  })

  test('asks again where an answer is none', async () => {
    const { code, shown } = await asked(
      [
        ['mail domain', '192.0.2.1', KEY.enter],
        ['is not a name: it ends in a number', KEY.erase, 'example.com', KEY.enter],
      ],
      ...['--receives', 'google', '--sends', 'google', '--class', 'yaml', '--no-workflows'],
    )
    expect(code).toBe(0)
    expect(shown).toContain('example.com')
  })

  test('asks for the servers elsewhere and for a relay that it does not know', async () => {
    await asked(
      [
        ['What receives mail', ...down(3), KEY.enter],
        ['What sends mail', ...down(relays.length + 1), KEY.space, KEY.enter],
        ['wants included', '_spf.example.net', KEY.enter],
        ['The MX: the servers', KEY.erase, 'mx.example.net', KEY.enter],
      ],
      ...['example.com', '--class', 'yaml', '--no-workflows'],
    )
    const text = await space.read('mailsync.yaml')
    expect(text).toContain('mx: [mx.example.net]')
    expect(text).toContain('include: [_spf.example.net]')
  })

  test('asks before it overwrites, and does not where the answer is no', async () => {
    await space.write('mailsync.yaml', 'mine')
    const flags = ['example.com', '--receives', 'google', '--sends', 'google', '--class', 'yaml', '--no-workflows']
    const { code } = await asked([['is there already. Overwrite it?', KEY.enter]], ...flags)
    expect(code).toBe(3)
    expect(await space.read('mailsync.yaml')).toBe('mine')
    expect((await asked([['Overwrite it?', 'y']], ...flags)).code).toBe(0)
    expect(await space.read('mailsync.yaml')).toContain('example.com')
  })

  test('writes nothing after Ctrl-C', async () => {
    const { code, stderr } = await asked([['What receives mail', KEY.stop]], 'example.com', '--class', 'yaml')
    expect(code).toBe(1)
    expect(stderr).toContain('nothing was written')
    await expect(space.read('mailsync.yaml')).rejects.toThrow()
  })
})
