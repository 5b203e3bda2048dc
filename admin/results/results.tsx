export const Results = (_: { id?: string; from?: string }) => <p>…</p>
