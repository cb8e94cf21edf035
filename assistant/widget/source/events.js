/** Server-sent events out of bytes (WHATWG HTML, 9.2.6). It knows nothing of what they mean. */

/**
 * The events of a stream, however the network cut it into chunks. An event that the stream ends in
 * the middle of is dropped, as the standard has it.
 * @param {ReadableStream<Uint8Array>} body
 * @param {() => void} onChunk called whenever bytes arrive, comments included
 */
export async function* serverEvents(body, onChunk) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let name = '';
  /** @type {string[]} */
  let data = [];
  for (;;) {
    const { done, value } = await reader.read();
    onChunk();
    rest += decoder.decode(value, { stream: !done });
    // A carriage return at the end may be half of a CRLF: it waits for the next chunk.
    const lines = rest.split(done ? /\r\n|\n|\r/ : /\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length) yield { name: name || 'message', data: data.join('\n') };
        name = '';
        data = [];
        continue;
      }
      const [, field, content = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (field === 'event') name = content;
      if (field === 'data') data.push(content);
    }
    if (done) return;
  }
}
