import { symlink } from 'node:fs/promises'
import { relative } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { runMain, type Workspace, workspace } from '../workspace.js'

const WRONG = `
providers: { local: { class: yaml, directory: ./zones } }
zones: { example.com.: { targets: [local] } }
domains: { example.com: { dmarc: { policy: rejekt }, mx: [192.0.2.1] } }
`

describe('what a command says when it cannot go on', () => {
  let space: Workspace
  afterEach(() => space.remove())

  test('a wrong spec is one JSON document with every problem, where JSON is asked for', async () => {
    space = await workspace({ 'mailsync.yaml': WRONG })
    const { code, stdout } = await space.run(['plan', '--format', 'json'])
    expect(code).toBe(1)
    const { format, problems } = JSON.parse(stdout) as { format: string; problems: { rule: string }[] }
    expect(format).toBe('mailsync-error')
    expect(problems.map(({ rule }) => rule)).toEqual(['spec-value', 'mx-is-address'])
  })

  test('a provider without a class is told once', async () => {
    space = await workspace({ 'mailsync.yaml': WRONG.replace('class: yaml, ', '').replace(/domains.*/, 'domains: {}') })
    const { stdout } = await space.run(['plan', '--format', 'json'])
    const { problems } = JSON.parse(stdout) as { problems: { rule: string }[] }
    expect(problems.map(({ rule }) => rule)).toEqual(['spec-missing-key'])
  })

  test('without JSON, stdout stays empty and nothing is changed', async () => {
    space = await workspace({ 'mailsync.yaml': WRONG })
    const { code, stdout, stderr } = await space.run(['apply', '--yes'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('did you mean reject?')
    expect(stderr).toContain('Nothing was changed.')
  })

  test('where there is no spec, it says what to do, and names one in a folder above', async () => {
    space = await workspace({ 'mailsync.yaml': WRONG, 'keys/readme': '' })
    const there = await runMain(['plan', '--config', space.path('keys/mailsync.yaml')])
    expect(there.code).toBe(1)
    expect(there.stderr).toContain(
      `there is one in a folder above: --config ${relative('', space.path('mailsync.yaml'))}`,
    )
    const { stderr } = await runMain(['plan', '--config', space.path('no/such.yaml')])
    expect(stderr).not.toContain('in a folder above')
    for (const next of ['mailsync init', 'mailsync import DOMAIN', '--config FILE']) expect(stderr).toContain(next)
  })

  test.each([[['apply']], [['move', 'status']], [['move', 'next']], [['move', 'plan']]])(
    '%j without a spec says how to get one',
    async (command) => {
      space = await workspace({})
      const { code, stderr } = await space.run(command)
      expect(code).toBe(1)
      for (const next of ['mailsync init', 'mailsync import DOMAIN', '--config FILE']) expect(stderr).toContain(next)
      expect(stderr).not.toMatch(/--yes|is not being moved/)
    },
  )

  test.each([
    ['below a file', 'mailsync.yaml/spec.yaml', 'a part of its path is a file, not a directory'],
    ['a link to itself', 'loop.yaml', 'a symbolic link leads back to itself'],
  ])('a spec that cannot be there, %s, is told as such', async (_, path, reason) => {
    space = await workspace({ 'mailsync.yaml': WRONG })
    await symlink('loop.yaml', space.path('loop.yaml'))
    const { code, stderr } = await runMain(['plan', '--config', space.path(path)])
    expect(code).toBe(1)
    expect(stderr).toContain(`cannot read the file: ${reason}`)
  })

  test('apply without anybody to ask wants --yes', async () => {
    space = await workspace({ 'mailsync.yaml': WRONG })
    const { code, stderr } = await space.run(['apply'])
    expect(code).toBe(1)
    expect(stderr).toContain('run it with --yes')
  })

  test('a no at the question writes nothing', async () => {
    space = await workspace({
      'mailsync.yaml': WRONG.replace('rejekt', 'reject').replace('mx: [192.0.2.1]', 'dkim: false'),
    })
    const { code, stderr } = await space.run(['apply'], { answer: false })
    expect(code).toBe(0)
    expect(stderr).toContain('Nothing was written.')
    expect((await space.run(['plan', '--detailed-exitcode'])).code).toBe(2)
  })

  test.each([
    [['pln'], 'did you mean plan?'],
    [['plan', '--frmat', 'json'], 'Unknown argument: frmat'],
    [['plan', '--frmat', 'json'], 'did you mean --format?'],
    [['apply', '--froce'], 'did you mean --force?'],
    [['apply', '--froce=yes', '--adpot'], 'did you mean --force, --adopt?'],
    [['dkim', 'lst'], 'did you mean list?'],
    [['plan', '--colour'], 'mailsync --help shows the commands'],
    [['plan', '--zone', 'a', '--parallel', '0'], 'takes a whole number from 1'],
    [['plan', '--format', 'text', '--format', 'text'], '--format is given twice'],
    [['plan', '--format', 'yml'], '--format "yml": it is one of text, json, markdown, html'],
    [['plan', '--zone'], '--zone has no value'],
    [['compile', '--out'], '--out has no value'],
    [['compile', '--out', ''], '--out has no value'],
    [['move', 'start'], '--to is missing'],
    [['verify', '--verify-wait', '3'], 'Unknown argument: verify-wait'],
    [
      ['spf', 'check', 'example.com', '--ip', '192.0.2.1', '--mail-from', '@@'],
      '--mail-from @@: that is no mail address',
    ],
    [['spf', 'check', 'example.com', '--ip', '192.0.2.1', '--helo', 'a b'], '--helo a b: that is no name'],
    [['plan', '--zone', 'exmaple.com'], 'did you mean example.com?'],
  ])('%j is told as a mistake of the command line', async (args, words) => {
    space = await workspace({
      'mailsync.yaml': WRONG.replace('rejekt', 'reject').replace('mx: [192.0.2.1]', 'dkim: false'),
    })
    const { code, stderr } = await space.run(args)
    expect(code).toBe(1)
    expect(stderr).toContain(words)
  })
})
