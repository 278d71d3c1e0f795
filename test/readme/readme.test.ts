import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { runMain } from '../cli/workspace.js'

const README = await readFile('README.md', 'utf8')
const [first = '', ...others] = [...README.matchAll(/```sh\n(.*?)```/gs)].map(([, code = '']) => code)
const commands = first.split('\n').flatMap((line) => (line === '' ? [] : [line.replace(/ +#.*/, '')]))

describe('the first lines of README', () => {
  test('are a command to run and one to test, each after an installation', async () => {
    expect(commands).toHaveLength(2)
    for (const command of commands) expect(command).toMatch(/^npm ci && /)
    expect(commands[1]).toBe('npm ci && npm test')
  })

  test('run as they stand', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailsync-readme-'))
    try {
      await cp('examples', join(folder, 'examples'), { recursive: true })
      await cp(process.env.MAILSYNC_DIST ?? 'dist', join(folder, 'dist'), { recursive: true })
      await cp('package.json', join(folder, 'package.json'))
      const [, command = '', ...args] = (commands[0] as string).split(' && ')[1]?.match(/\S+/g) ?? []
      expect(command).toBe('dist/mailsync.js')
      const { stdout } = await promisify(execFile)(process.execPath, [resolve(folder, command), ...args], {
        cwd: folder,
      })
      expect(stdout).toContain('created')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('README', () => {
  test('takes no mailsync from the registry, where the name is not ours yet', () => {
    expect([first, ...others].join('\n')).not.toMatch(/\bnpx\b|npm (?:i|install)(?: -\S+)* mailsync/)
  })

  test('shows an init that works', async () => {
    const code = others.find((block) => block.startsWith('mailsync init example.com')) ?? ''
    const [, ...args] = code.replaceAll('\\\n', '').match(/\S+/g) ?? []
    const {
      code: exit,
      stdout,
      stderr,
    } = await runMain([...args, '--no-dns', '--config', join(tmpdir(), 'no-such-folder', 'mailsync.yaml')])
    expect({ exit, stderr }).toMatchObject({ exit: 0 })
    expect(stdout).toContain('example.com:')
  })
})

describe('Containerfile', async () => {
  const lines = (await readFile('Containerfile', 'utf8')).split('\n').filter((line) => /^[A-Z]+ /.test(line))
  const { bin, files } = JSON.parse(await readFile('package.json', 'utf8')) as {
    bin: Record<string, string>
    files: string[]
  }

  test('links the command that the package has, out of files that are in it', () => {
    const [, link] = /^RUN ln -s \/opt\/mailsync\/(\S+) /m.exec(lines.join('\n')) ?? []
    expect(link).toBe(bin.mailsync)
    expect(files).toContain(link?.split('/')[0])
  })

  test('ends as somebody who is not root', () => {
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER node'])
  })

  test('is given all that the build reads', async () => {
    const ignored = (await readFile('.dockerignore', 'utf8')).split('\n').filter((line) => !/^(#|$)/.test(line))
    for (const needed of [
      'package.json',
      'package-lock.json',
      'build.mjs',
      'common-js.mjs',
      'join-chunks.mjs',
      'notices.mjs',
      'src',
      'records',
      'README.md',
    ])
      expect(ignored).not.toContain(needed)
  })
})
