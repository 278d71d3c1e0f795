import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import yargs, { type Options } from 'yargs'
import { APPLY_OPTIONS, CONFIG, PLAN_OPTIONS } from '../../../src/cli/options.js'
import { readPlainLine } from '../../../src/cli/plain-line.js'

const COMMANDS = { plan: PLAN_OPTIONS, apply: APPLY_OPTIONS } as const

const argument = fc.oneof(
  fc.constantFrom('--zone', '-z', '--domain', '-d', '--config', '-c', '--out', '-o', '--format', '--parallel'),
  fc.constantFrom('--yes', '-y', '--verbose', '-v', '--detailed-exitcode', '--adopt', '--force', '--wait'),
  fc.constantFrom('example.com', 'json', 'text', '4', '0', '-1', '1e2', '0x10', '08', '', 'a b', '"quoted"', '--', '-'),
  fc.constantFrom('--zone=example.com', '--zone=', '-z=x', '--format=json', '--parallel=2', '--yes=false', '--no-yes'),
  fc.constantFrom('--no-dns', '--no-d', '--no-zone', '--no-format=json', '--no-no-dns', '--dns', '--no-'),
  fc.constantFrom(
    '--detailedExitcode',
    '--help',
    '-h',
    '--version',
    '--zones',
    '--__proto__',
    '--constructor=1',
    '-vy',
  ),
)

describe('a command line that is written plainly', () => {
  it.each(Object.entries(COMMANDS))('%s: is read as yargs reads it, or left to yargs', (_, described) => {
    fc.assert(
      fc.property(fc.array(argument, { maxLength: 5 }), (args) => {
        const plain = readPlainLine<Readonly<Record<string, Options>>>(args, described)
        if (plain === undefined) return
        expect(withYargs(args, described)).toMatchObject({ ...plain, _: [] })
      }),
      { numRuns: 400 },
    )
  })

  it('takes the options people use', () => {
    expect(readPlainLine(['-c', 'mail.yaml', '--zone=a.example', '-z', 'b.example', '-v'], PLAN_OPTIONS)).toMatchObject(
      {
        config: 'mail.yaml',
        zone: ['a.example', 'b.example'],
        domain: [],
        parallel: 8,
        format: 'text',
        verbose: true,
        detailedExitcode: false,
      },
    )
    expect(readPlainLine(['--yes', '--format', 'json', '--parallel', '4'], APPLY_OPTIONS)).toMatchObject({
      config: 'mailsync.yaml',
      yes: true,
      format: 'json',
      parallel: 4,
    })
  })

  it('takes what is denied', () => {
    expect(readPlainLine(['--no-dns'], PLAN_OPTIONS)).toMatchObject({ dns: false })
    expect(readPlainLine([], PLAN_OPTIONS)).toMatchObject({ dns: true })
  })

  it.each([
    ['--no-zone'],
    ['--no-dns', '--dns'],
    ['--help'],
    ['plan.json'],
    ['--froce'],
    ['--format', 'xml'],
    ['--out'],
    ['--yes', '--yes'],
    ['--parallel', 'x'],
  ])('leaves %s to yargs', (...args) => {
    expect(readPlainLine(args, APPLY_OPTIONS)).toBeUndefined()
  })
})

function withYargs(args: readonly string[], described: Readonly<Record<string, Options>>): object {
  return yargs([...args])
    .options({ config: CONFIG, ...described })
    .strict()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new Error(message)
    })
    .parseSync()
}
