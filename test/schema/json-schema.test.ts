import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { planJsonSchema, specJsonSchema } from './json-schema.js'

/** The shipped schemas are made by this test: `npx vitest run test/schema --update` writes them anew. */
describe('the shipped JSON Schemas', () => {
  test('say what the spec’s own schema says', async () => {
    await expect(`${JSON.stringify(specJsonSchema(), null, 2)}\n`).toMatchFileSnapshot('../../mailsync.schema.json')
  })

  test('say what a plan is', async () => {
    await expect(`${JSON.stringify(planJsonSchema(), null, 2)}\n`).toMatchFileSnapshot('../../plan.schema.json')
  })

  test.each(['home-server', 'nat-gateway', 'two-domains'])(
    'an editor finds nothing wrong with examples/%s, and its first line names the schema',
    async (name) => {
      const text = await readFile(`examples/${name}/mailsync.yaml`, 'utf8')
      expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../../mailsync.schema.json')
      const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(specJsonSchema() as object)
      expect(validate(load(text)), JSON.stringify(validate.errors)).toBe(true)
    },
  )

  test('an editor marks a policy that does not exist', () => {
    const validate = new Ajv2020({ allErrors: true, strictTypes: false }).compile(specJsonSchema() as object)
    const spec = { providers: {}, zones: {}, domains: { 'example.com': { dmarc: { policy: 'rejekt' } } } }
    expect(validate(spec)).toBe(false)
    expect(validate.errors?.map(({ instancePath }) => instancePath)).toContain('/domains/example.com/dmarc/policy')
  })
})
