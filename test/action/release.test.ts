import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { load } from 'js-yaml'
import { beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from './runner/installation.js'
import { runScript } from './runner/runner.js'

const ROOT = resolve(import.meta.dirname, '../..')

interface Release {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly name?: string; readonly run?: string }[] }>
  >
}

/** The script of a step of the release workflow, by the step's name. */
function script(name: string): string {
  const { jobs } = load(readFileSync(join(ROOT, '.github/workflows/release.yml'), 'utf8')) as Release
  const step = Object.values(jobs)
    .flatMap(({ steps }) => steps)
    .find((one) => one.name === name)
  return step?.run as string
}

describe.skipIf(process.platform === 'win32')('a release', () => {
  let checkout: string
  let origin: string
  let temporary: string
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=dev', '-c', 'user.email=dev@example.com', ...args], {
      cwd: checkout,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  const run = (name: string, tag = 'v1.2.3') =>
    runScript(script(name), {
      workspace: checkout,
      event: { name: 'push' },
      env: {
        GITHUB_REF_NAME: tag,
        RUNNER_TEMP: temporary,
        PATH: `${temporary}${delimiter}${process.env.PATH}`,
      },
    })

  beforeEach(async () => {
    ;[checkout, origin, temporary] = [await temporaryFolder(), await temporaryFolder(), await temporaryFolder()]
    writeFileSync(join(temporary, 'gh'), '#!/bin/sh\necho "gh $*"\n', { mode: 0o755 })
    git('init', '--quiet', '--bare', origin)
    git('init', '--quiet')
    git('remote', 'add', 'origin', origin)
    writeFileSync(join(checkout, '.gitignore'), 'dist/\n')
    writeFileSync(join(checkout, 'package.json'), '{ "version": "1.2.3" }\n')
    writeFileSync(join(checkout, 'CHANGELOG.md'), '# Changes\n\n## 1.2.3\n\n- New.\n\n## 1.2.2\n\n- Old.\n')
    git('add', '.')
    git('commit', '--quiet', '--message', 'source')
    git('tag', 'v1.2.3')
    git('push', '--quiet', 'origin', 'v1.2.3')
    mkdirSync(join(checkout, 'dist/action'), { recursive: true })
    writeFileSync(join(checkout, 'dist/action/index.js'), 'bundle\n')
    writeFileSync(join(checkout, 'dist/action/THIRD-PARTY-LICENSES'), 'licences\n')
  })

  it('puts the bundle on the tag, one commit above the source, and moves the major tag along', async () => {
    const source = git('rev-parse', 'v1.2.3')
    const { code, log } = await run('Put the bundle on the tag')
    expect(log).toContain('gh release create v1.2.3 --verify-tag')
    expect(code).toBe(0)
    const released = git('--git-dir', origin, 'rev-parse', 'v1.2.3')
    expect(git('--git-dir', origin, 'rev-parse', 'v1', 'v1.2.3^')).toBe(`${released}\n${source}`)
    expect(git('--git-dir', origin, 'show', 'v1.2.3:dist/action/index.js')).toBe('bundle')
    expect(git('--git-dir', origin, 'show', 'v1.2.3:dist/action/THIRD-PARTY-LICENSES')).toBe('licences')
    const notes = readFileSync(join(temporary, 'notes.md'), 'utf8')
    expect(notes).toContain(`uses: acme/dns@${released} # v1.2.3`)
    expect(notes).toContain('- New.')
    expect(notes).not.toContain('- Old.')
  })

  it('is refused when the tag is not the version, or the changelog does not know it', async () => {
    expect((await run('Compare the tag with the version')).code).toBe(0)
    expect(await run('Compare the tag with the version', 'v1.2.4')).toMatchObject({ code: 1 })
    writeFileSync(join(checkout, 'CHANGELOG.md'), '# Changes\n')
    expect((await run('Compare the tag with the version')).annotations[0]?.properties.file).toBe('CHANGELOG.md')
  })
})
