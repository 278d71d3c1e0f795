import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runMain, type Workspace, workspace } from '../workspace.js'

const SPEC = `providers: { local: { class: yaml, directory: zones } }
zones: { example.com.: { targets: [local] }, bücher.example: { targets: [local] }, '*': { targets: [local] } }
domains: { example.com: { mail: none }, news.example.com: !include news.yaml, "$(reboot)": {} }
`

let space: Workspace
beforeAll(async () => {
  space = await workspace({
    'mailsync.yaml': SPEC,
    'news.yaml': '{ mail: none }',
    'broken.yaml': 'zones: { example.com.: { targets: [',
    'other-shape.yaml': 'zones: [example.com]\ndomains: 5\n',
  })
})
afterAll(() => space.remove())

/** The words offered for a line that ends at the cursor; `@` stands for the spec. */
async function offered(line: string): Promise<string[]> {
  const words = line.split(' ').map((word) => word.replace('@', space.path('mailsync.yaml')))
  const { code, stdout, stderr } = await runMain(['__complete', ...words])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.split('\n').flatMap((told) => (told === '' ? [] : told.split('\t').slice(0, 1)))
}

describe('a line is completed with', () => {
  test.each([
    ['commands, from what was typed of them', 'pl', ['plan']],
    [
      'the commands of a command',
      'dkim ',
      ['generate', 'list', 'check', 'status', 'use', 'rotate', 'import', 'export'],
    ],
    ['the commands of a command, options before', '--config x dkim l', ['list']],
    ['options', 'plan --det', ['--detailed-exitcode']],
    ['options of the command only', 'compile --det', []],
    ['no option twice', 'plan --detailed-exitcode --det', []],
    ['an option twice where it may be repeated', 'plan --zone a --zon', ['--zone']],
    ['the values of a choice', 'plan --format m', ['markdown']],
    ['the values of a choice after =', 'plan --format=m', ['--format=markdown']],
    ['the values of a choice after =, as bash gives it', 'plan --format = m', ['markdown']],
    ['shells', 'completion ', ['bash', 'zsh', 'fish']],
    ['relays', 'init --sends mailj', ['mailjet']],
    ['options that turn something off', 'init --no', ['--no-dns']],
    ['adapters', 'import --class rfc', ['rfc2136']],
    ['zones of the spec', 'plan --config @ --zone ', ['example.com', 'bücher.example']],
    ['zones, with a short option and =', 'plan --config=@ -z ex', ['example.com']],
    ['domains of the spec, and nothing that is no name', 'apply -c @ --domain ', ['example.com', 'news.example.com']],
    ['domains as arguments', 'import -c @ ne', ['news.example.com']],
    ['providers of the spec', 'import -c @ --provider ', ['local']],
    ['files where one is asked for', 'plan --out ', [':files']],
    ['files as arguments', 'apply pl', [':files']],
    ['files of adapters', 'conformance ./my', [':files']],
    ['files of another program', 'import --octodns config/', [':files']],
    ['nothing where the text is free', 'plan --parallel ', []],
    ['nothing after an unknown command', 'nonsense ', []],
  ])('%s', async (_, line, words) => {
    expect(await offered(line)).toEqual(words)
  })

  test.each(['broken.yaml', 'other-shape.yaml', 'missing.yaml', '.'])(
    'nothing, silently, where the spec is %s',
    async (file) => {
      expect(await offered(`plan --config ${space.path(file)} --zone `)).toEqual([])
    },
  )

  test('every command and option of the help, with what they mean', async () => {
    const { stdout: help } = await runMain(['--help'])
    const commands = [...new Set([...help.matchAll(/^ {2}mailsync ([\w-]+)/gm)].map(([, name]) => name))]
    expect(commands.length).toBeGreaterThan(5)
    expect(await offered('')).toEqual(commands)
    for (const command of commands) {
      const { stdout } = await runMain([command as string, '--help'])
      const options = [...stdout.matchAll(/ --([a-z-]+)/g)].map(([, name]) => name as string)
      const known = (await offered(`${command} --`)).map((word) => word.replace(/^--(no-)?/, ''))
      for (const name of known) expect(options, `${command} --${name}`).toContain(name)
    }
    expect((await runMain(['__complete', 'plan', '--verb'])).stdout).toBe(
      '--verbose\tshow long values in full, and values that stay\n',
    )
  })
})

describe('mailsync completion', () => {
  test('prints the script of the shell in use where none is named', async () => {
    const { stdout } = await runMain(['completion'], { env: { SHELL: '/usr/bin/fish' } })
    expect(stdout).toBe((await runMain(['completion', 'fish'])).stdout)
    expect(stdout).toContain('complete -c mailsync')
  })

  test('says which there are where the shell is another', async () => {
    const { code, stderr } = await runMain(['completion'], { env: { SHELL: '/bin/tcsh' } })
    expect(code).toBe(1)
    expect(stderr).toContain('mailsync completion bash|zsh|fish')
  })
})
