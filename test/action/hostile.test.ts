import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Workspace, workspace } from '../cli/workspace.js'
import { GitHubFake } from '../fakes/github/github.js'
import { pullRequest } from './runner/events.js'
import { runStep, type Step } from './runner/runner.js'
import { EMPTY_ZONE, SPEC } from './runner/specs.js'

const HOSTILE = [
  '\n::set-output name=drift::false',
  '\n::warning::pwned',
  '##[error]pwned',
  '<script>alert(1)</script>',
  '@everyone',
  '--> | `code` ``` |',
  '\u001b[2J\u202e',
  '<!-- mailsync comment mailsync.yaml -->',
].join(' ')

let github: GitHubFake
let checkout: Workspace

beforeEach(async () => {
  github = await GitHubFake.start()
  github.repository.addPullRequest()
  checkout = await workspace({ 'mailsync.yaml': SPEC, 'zones/example.com.yaml': EMPTY_ZONE })
})

afterEach(async () => {
  await github.stop()
  await checkout.remove()
})

const plan = (step: Partial<Step> = {}) =>
  runStep({
    workspace: checkout.directory,
    event: pullRequest(1),
    apiUrl: github.url,
    token: github.token({ 'pull-requests': 'write' }),
    ...step,
    inputs: { comment: 'true', ...step.inputs },
  })

const comment = (): string => github.repository.commentsOf(1)[0]?.body ?? ''

const UNSEEN = /[^\P{C}\n]/u

/** What GitHub's Markdown leaves outside of code. */
const outsideOfCode = (text: string): string => text.replace(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')

describe('hostile text', () => {
  it('in DNS is inert in the log, the annotations, the comment and the summary', async () => {
    const record = JSON.stringify(`v=spf1 ${HOSTILE} ~all`.replaceAll(';', '\\;'))
    await checkout.write('zones/example.com.yaml', `---\n"": { type: TXT, value: ${record} }\n`)
    const { log, annotations, outputs, summary } = await plan()
    expect(outputs.drift).toBe('true')
    expect(log).not.toMatch(/^\s*::(set-output|warning::pwned)/m)
    expect(log).not.toContain('##[error]')
    expect(log).not.toMatch(UNSEEN)
    expect(annotations.map(({ message }) => message).join('\n')).not.toMatch(/^pwned/m)
    for (const text of [comment(), summary]) {
      expect(text).toContain('alert')
      expect(outsideOfCode(text)).not.toMatch(/<script|@everyone/)
      expect(text).not.toMatch(UNSEEN)
    }
    expect(
      comment()
        .split('\n')
        .filter((line) => line.startsWith('<!--')),
    ).toHaveLength(1)
  })

  it('in the spec is inert as well, errors included', async () => {
    await checkout.write('mailsync.yaml', `${SPEC}${JSON.stringify(HOSTILE)}: 1\n`)
    const { code, annotations, log, summary } = await plan()
    expect(code).toBe(1)
    expect(log).not.toMatch(/^\s*::(set-output|warning::pwned)/m)
    expect(annotations.find(({ properties }) => properties.file)?.properties).toMatchObject({
      file: 'mailsync.yaml',
      line: '14',
    })
    for (const text of [comment(), summary]) expect(outsideOfCode(text)).not.toMatch(/<script|@everyone/)
  })

  it.skipIf(process.platform === 'win32')(
    'in the name of the spec does not get into other properties of an annotation',
    async () => {
      const config = 'a,line=99::b%0A.yaml'
      await checkout.write(config, SPEC.replace('reject', 'rejekt'))
      const { annotations } = await plan({ inputs: { config } })
      expect(annotations[0]?.properties).toMatchObject({ line: '13' })
    },
  )
})

describe('many problems and long messages', () => {
  it('are as many annotations as GitHub shows, each as long as somebody reads, and all are in the summary', async () => {
    const mistakes = Array.from({ length: 40 }, (_, number) => `x${number}: 1\n`).join('')
    await checkout.write('mailsync.yaml', `${SPEC}${mistakes}${'y'.repeat(5_000)}: 1\n`)
    const { code, annotations, summary } = await plan()
    expect(code).toBe(1)
    const errors = annotations.filter(({ command }) => command === 'error')
    expect(errors.length).toBeLessThanOrEqual(10)
    // The 41 mistakes, but for the eight that are shown.
    expect(errors.map(({ message }) => message)).toContain('and 33 more: see the summary of the run')
    expect(Math.max(...annotations.map(({ message }) => message.length))).toBeLessThan(2_000)
    expect(summary).toContain('x39')
  })

  it.each([
    [9, 0],
    [10, 2],
    [12, 4],
  ])('are as many of each kind: of %i warnings all but %i', async (count, left) => {
    const mistyped = [...'abcdefgjkmno'].slice(0, count).map((letter) => `mail${letter}.example.com`)
    const spec = SPEC.replace('policy: reject', 'policy: none')
    await checkout.write(
      'mailsync.yaml',
      spec.replace('mx: [mail.example.com]', `mx: [mail.example.com, ${mistyped.join(', ')}]`),
    )
    const { annotations } = await plan()
    const warnings = annotations.filter(({ command }) => command === 'warning').map(({ message }) => message)
    expect(warnings.filter((message) => message.includes('did you mean mail.example.com?'))).toHaveLength(count - left)
    expect(warnings.filter((message) => message.startsWith('and '))).toEqual(
      left === 0 ? [] : [`and ${left} more: see the summary of the run`],
    )
  })

  it('leave the worst of long words readable at their line', async () => {
    await checkout.write('mailsync.yaml', `${SPEC}${'y'.repeat(5_000)}: 1\n`)
    const [first] = (await plan()).annotations
    expect(first).toMatchObject({
      properties: { line: '14' },
      message: expect.stringMatching(/^unknown key "y{99}…" \(4901 characters more\)\nknown here: providers, /),
    })
  })
})

describe('the title and the branch of a pull request', () => {
  it('are in nothing that is told', async () => {
    const event = pullRequest(1)
    const { pull_request } = event.payload as { pull_request: { head: object } }
    const head = { ...pull_request.head, ref: HOSTILE, label: `acme:${HOSTILE}` }
    const payload = {
      ...(event.payload as object),
      pull_request: { ...pull_request, title: HOSTILE, body: HOSTILE, head },
    }
    const { log, summary } = await plan({ event: { ...event, payload } })
    for (const text of [log, summary, comment()]) expect(text).not.toMatch(/pwned|alert\(1\)|@everyone/)
  })
})

describe('what env/NAME in the spec stands for', () => {
  const SECRET = Buffer.from('hunter2-hunter2').toString('base64')
  const withKey = (secret: string) =>
    SPEC.replace(
      'class: yaml, directory: ./zones',
      `class: rfc2136, host: 127.0.0.1, port: 9, key_name: key-name-, key_secret: ${secret}`,
    )

  beforeEach(() => checkout.write('mailsync.yaml', SPEC.replace('./zones', 'env/ZONES_FOLDER')))

  it('is masked before it is used where the option is a secret, and shows in no comment or summary either', async () => {
    await checkout.write('mailsync.yaml', withKey('env/TSIG_SECRET'))
    const { masks, log, summary } = await plan({ env: { TSIG_SECRET: SECRET, UNRELATED: 'unrelated-value' } })
    expect(masks).toContain(SECRET)
    expect(masks).not.toContain('unrelated-value')
    expect(masks).not.toContain('key-name-')
    for (const text of [log, summary, comment()]) expect(text).not.toContain(SECRET)
  })

  it('is left alone where the option is no secret, however long it is', async () => {
    const { masks } = await plan({ env: { ZONES_FOLDER: './zones/../zones' } })
    expect(masks.filter((mask) => !mask.startsWith('ghs_'))).toEqual([])
  })

  it('is missed by name, at its line', async () => {
    const { annotations } = await plan()
    expect(annotations[0]).toMatchObject({
      command: 'error',
      message: expect.stringContaining('ZONES_FOLDER'),
      properties: { file: 'mailsync.yaml', line: '2' },
    })
  })
})
