// What the page makes of answers, against a server that keeps silent or breaks off.
import { createServer, type RequestListener } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { request } from '../../admin/api.ts'

async function serverOf(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}/`
}

describe('a request of the page', () => {
  test('gives what the shop answers, also nothing', async () => {
    const url = await serverOf(({ method }, answer) => answer.end(method === 'POST' ? '' : '{"a": 1}'))
    expect(await request(url)).toEqual({ a: 1 })
    expect(await request(url, { method: 'POST' })).toEqual({})
  })

  test('says what the shop refused, and that there was no answer behind what is no JSON', async () => {
    const json = await serverOf((_, answer) => answer.writeHead(409).end('{"code": "conflict", "detail": "No."}'))
    await expect(request(json)).rejects.toMatchObject({ status: 409, code: 'conflict', message: 'No.' })
    const html = await serverOf((_, answer) => answer.writeHead(502).end('<h1>'))
    await expect(request(html)).rejects.toMatchObject({ status: 502, code: 'http_502' })
  })

  test('does not wait for ever', async () => {
    const silent = await serverOf(() => {})
    await expect(request(silent, { patienceMs: 200 })).rejects.toMatchObject({ status: 0, code: 'offline' })
  })

  test('takes half an answer for none', async () => {
    const half = await serverOf((_, answer) => {
      answer.writeHead(200, { 'content-length': 100 })
      answer.write('{"items": [', () => answer.destroy())
    })
    await expect(request(half)).rejects.toMatchObject({ status: 0, code: 'offline' })
  })
})
