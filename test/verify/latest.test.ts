import { describe, expect, it } from 'vitest'
import { latest } from '../../src/verify/view/latest.js'

describe('the latest answers', () => {
  const asking = (most: number) => {
    const asked: string[] = []
    const answers = latest<string, string>(most)
    const ask = (key: string): string =>
      answers.get(key, () => {
        asked.push(key)
        return key.toUpperCase()
      })
    return { ask, asked }
  }

  it('a question is asked once while its answer is among them', () => {
    const { ask, asked } = asking(2)
    expect(['a', 'b', 'a', 'b', 'a'].map(ask)).toEqual(['A', 'B', 'A', 'B', 'A'])
    expect(asked).toEqual(['a', 'b'])
  })

  it('what others ask for again and again stays, and what is asked for no more goes', () => {
    const { ask, asked } = asking(2)
    for (const key of ['shared', 'a', 'shared', 'b', 'shared', 'c', 'shared', 'a']) ask(key)
    expect(asked).toEqual(['shared', 'a', 'b', 'c', 'a'])
  })

  it('that nothing is known is an answer', () => {
    let asked = 0
    const answers = latest<string, undefined>()
    for (const key of ['a', 'a'])
      answers.get(key, () => {
        asked += 1
        return undefined
      })
    expect(asked).toBe(1)
  })
})
