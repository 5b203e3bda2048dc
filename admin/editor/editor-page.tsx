export const EditorPage = (_: { id?: string; from?: string }) => <p>…</p>
