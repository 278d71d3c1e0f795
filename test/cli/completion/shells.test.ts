import { execFile } from 'node:child_process'
import { chmod, writeFile } from 'node:fs/promises'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { programPath } from '../../servers/dns-server.js'
import { BUILT_CLI, type Workspace, workspace } from '../workspace.js'

const SPEC = `providers: { local: { class: yaml, directory: zones } }
zones: { example.com.: { targets: [local] }, example.net.: { targets: [local] } }
domains: { example.com: { mail: none } }
`

let space: Workspace
beforeAll(async () => {
  space = await workspace({ 'mailsync.yaml': SPEC, 'bin/mailsync': '' })
  await writeFile(space.path('bin/mailsync'), `#!/bin/sh\nexec '${process.execPath}' '${resolve(BUILT_CLI)}' "$@"\n`)
  await chmod(space.path('bin/mailsync'), 0o755)
})
afterAll(() => space.remove())

/** What a shell prints that has `mailsync` in its path, in the folder of the spec. */
async function printed(shell: string, ...args: readonly string[]): Promise<string> {
  const env = {
    HOME: space.directory,
    TERM: 'dumb',
    PATH: [join(space.directory, 'bin'), process.env.PATH].join(delimiter),
  }
  const options = { cwd: space.directory, env, timeout: 25_000 }
  return (await promisify(execFile)(shell, args, options)).stdout
}

/** A suite that is skipped, loudly, where its shell is not installed; and fails where no skip is allowed. */
function suite(shell: string, tests: () => void): void {
  if (programPath(shell)) describe(`in ${shell}`, tests)
  else if (process.env.MAILSYNC_REQUIRE_SERVERS === '1') throw new Error(`${shell} is not installed`)
  else describe.skip(`${shell.toUpperCase()} IS NOT INSTALLED`, () => test('completion', () => {}))
}

suite('bash', () => {
  const completed = (...words: readonly string[]): Promise<string> =>
    printed(
      'bash',
      '--norc',
      '-c',
      `source <(mailsync completion bash); COMP_WORDS=(mailsync "$@"); COMP_CWORD=$#; _mailsync; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    )

  test('zones are completed', async () => {
    expect(await completed('plan', '--zone', 'example')).toBe('example.com\nexample.net\n')
  })
  test('zones are completed after =, which bash takes for a word', async () => {
    expect(await completed('plan', '--zone', '=', 'example.n')).toBe('example.net\n')
  })
  test('commands are completed, without what they mean', async () => {
    expect(await completed('dkim', '')).toBe('generate\nlist\ncheck\nstatus\nuse\nrotate\nimport\nexport\n')
  })
  test('the function is that of mailsync', async () => {
    const told = await printed('bash', '--norc', '-c', 'source <(mailsync completion bash); complete -p mailsync')
    expect(told).toBe('complete -F _mailsync mailsync\n')
  })
})

suite('fish', () => {
  const completed = (line: string): Promise<string> =>
    printed('fish', '--no-config', '-c', `mailsync completion fish | source; complete -C '${line}'`)

  test('zones are completed', async () => {
    expect(await completed('mailsync plan --zone example')).toBe('example.com\nexample.net\n')
    expect(await completed('mailsync plan --zone=example.n')).toBe('--zone=example.net\n')
  })
  test('commands are completed, with what they mean', async () => {
    expect(await completed('mailsync dki')).toBe('dkim\tmake and look after DKIM keys\n')
  })
  test('files are completed where one is asked for, and nowhere else', async () => {
    expect(await completed('mailsync plan --config mailsync')).toBe('mailsync.yaml\n')
    expect(await completed('mailsync plan --zone mailsync')).toBe('')
  })
})

suite('zsh', () => {
  /** Types into a zsh of its own terminal, and gives what stands there once it matches the pattern. */
  const typed = (keys: string, until: string): Promise<string> =>
    printed(
      'zsh',
      '-f',
      '-c',
      `zmodload zsh/zpty; zpty z zsh -f -i
zpty -w z "stty columns 200; PS1='> '; autoload -U compinit && compinit -u -D; source <(mailsync completion zsh); print RE''ADY"
zpty -r z out '*READY*'
zpty -w -n z $'${keys}'
zpty -r z out '${until}'
print -r -- "$out"; zpty -d z`,
    )

  test('a zone is completed', async () => {
    expect(await typed('mailsync plan --zone example.n\\t', '*example.net *')).toContain('plan --zone example.net ')
  })
  test('commands are listed, with what they mean', async () => {
    const shown = await typed('mailsync dkim \\t\\t', '*check*export*generate*import*list*rotate*status*use *')
    expect(shown).toMatch(/generate +-- make the keys/)
  })
})
