// Everything that a piece of code writes to stdout and stderr, as log lines end there.

export async function captureOutput(run: () => unknown): Promise<string> {
  let captured = ''
  const streams = [process.stdout, process.stderr]
  const originals = streams.map((stream) => stream.write)
  for (const stream of streams) {
    stream.write = (chunk: string | Uint8Array): boolean => {
      captured += typeof chunk === 'string' ? chunk : new TextDecoder().decode(chunk)
      return true
    }
  }
  try {
    await run()
  } finally {
    streams.forEach((stream, index) => {
      stream.write = originals[index]!
    })
  }
  return captured
}

/** The JSON lines among them. */
export const jsonLines = (output: string): Record<string, unknown>[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
