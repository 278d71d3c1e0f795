import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Ajv } from 'ajv'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { programPath } from '../servers/dns-server.js'
import { githubParser } from './runner/github-parser.js'

const ROOT = resolve(import.meta.dirname, '../..')
const FOLDERS = ['examples/github', '.github/workflows']
const WORKFLOWS = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => `${folder}/${file}`),
)
const EXAMPLES = WORKFLOWS.filter((file) => file.startsWith('examples/'))

interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
  readonly steps: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[]
}

interface Workflow {
  readonly permissions: unknown
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress'?: unknown; readonly queue?: string }
  readonly jobs: Readonly<Record<string, Job>>
}

const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
const workflow = (file: string): Workflow => load(text(file)) as Workflow
const jobs = (file: string): Job[] => Object.values(workflow(file).jobs)

function schemaErrors(kind: 'workflow' | 'action', file: string): unknown {
  const schema = JSON.parse(text(`test/fixtures/github/${kind}.schema.json`))
  const validate = new Ajv({ strict: false, logger: false, allErrors: true }).compile(schema)
  return validate(load(text(file))) ? [] : validate.errors
}

const github = await githubParser()

describe.each(WORKFLOWS)('%s', (file) => {
  it('fits the JSON Schema of workflows', () => {
    expect(schemaErrors('workflow', file)).toEqual([])
  })

  it('is one that GitHub’s own parser takes', () => {
    expect(github.workflow(file, text(file))).toEqual([])
  })

  it('pins each action to a commit and says which version that is', () => {
    const lines = text(file).match(/(?<=^ +- )uses: .*/gm) ?? []
    for (const line of lines.filter((one) => !one.startsWith('uses: mailsync/mailsync@')))
      expect(line).toMatch(/^uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('gives no permission but what a job names, and no job all day', () => {
    expect(workflow(file).permissions).toEqual({})
    for (const job of jobs(file)) {
      expect(job.permissions).toBeTypeOf('object')
      expect(job['timeout-minutes']).toBeLessThanOrEqual(90)
    }
  })

  it('never has two runs at once where that could harm', () => {
    expect(workflow(file).concurrency?.group).toBeTypeOf('string')
  })
})

describe('the workflows to copy', () => {
  it('let nobody cut off an apply or skip one', () => {
    expect(workflow('examples/github/mailsync-apply.yml').concurrency).toEqual({
      group: 'mailsync-apply',
      queue: 'max',
    })
  })

  it.each(EXAMPLES)('%s gives mailsync only inputs that it has, and keeps no token in the checkout', (file) => {
    const { inputs } = load(text('action.yml')) as { inputs: object }
    const steps = jobs(file).flatMap((job) => job.steps)
    for (const { uses = '', with: given = {} } of steps) {
      if (uses.startsWith('mailsync/')) expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(given)))
      if (uses.startsWith('actions/checkout')) expect(given).toEqual({ 'persist-credentials': false })
    }
  })
})

describe('action.yml', () => {
  it('fits the JSON Schema of actions, and GitHub’s own parser takes it', () => {
    expect(schemaErrors('action', 'action.yml')).toEqual([])
    expect(github.action('action.yml', text('action.yml'))).toEqual([])
  })

  it.each(['workflow', 'action'] as const)('and each %s with a mistake are not (the checks can fail)', (kind) => {
    expect(github[kind]('broken.yml', 'name: x\non: push\nrunz: {}\njobs: { a: { stepz: [] } }')).not.toEqual([])
  })

  it('names its bundle', () => {
    expect(load(text('action.yml'))).toMatchObject({ runs: { using: 'node24', main: 'dist/action/index.js' } })
  })
})

/** actionlint 1.7.12 does not know `queue`, which GitHub has since 2026-05. */
const UNKNOWN_YET = 'unexpected key "queue" for "concurrency" section'
const actionlint = programPath('actionlint')

describe.skipIf(!actionlint)(
  actionlint
    ? 'actionlint'
    : 'ACTIONLINT IS NOT INSTALLED: go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
  () => {
    it('finds nothing in any workflow', async () => {
      const files = WORKFLOWS.map((file) => join(ROOT, file))
      const run = promisify(execFile)(actionlint as string, ['-no-color', '-ignore', UNKNOWN_YET, ...files])
      expect((await run).stdout).toBe('')
    })
  },
)
