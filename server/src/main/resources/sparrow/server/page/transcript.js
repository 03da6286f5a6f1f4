/**
 * Returns the conversation as text for people.
 *
 * @param turns turns and dividers, in order
 */
export function asText(turns, model) {
  return turns.map((turn) => paragraph(turn, model)).join('\n\n') + '\n';
}

function paragraph(turn, model) {
  if (turn.kind === 'divider') return `(${turn.text})`;
  const time = new Date(turn.at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  if (turn.kind === 'user') return `You, ${time}\n${turn.text || `(a spoken question, ${turn.seconds.toFixed(1)} s)`}`;
  const { heard, unheard } = split(turn);
  const cut = turn.cutMs === null ? '' : ` [interrupted after ${(turn.cutMs / 1000).toFixed(1)} s; not heard: ${unheard || 'nothing'}]`;
  return `${model}, ${time}\n${turn.cutMs === null ? turn.text : heard}${cut}`.trimEnd();
}

/** Returns the conversation as JSON for programs. */
export function asJson(turns, facts) {
  return JSON.stringify({ model: facts.name, layers: facts.layers, turns: turns.map(record) }, null, 1) + '\n';
}

function record(turn) {
  if (turn.kind === 'divider') return { event: turn.text };
  const said = { role: turn.kind === 'user' ? 'user' : 'assistant', at: new Date(turn.at).toISOString(), text: turn.text };
  if (turn.kind === 'user') return { ...said, how: turn.how, seconds: turn.seconds };
  return {
    ...said,
    heard: turn.cutMs === null ? turn.text : split(turn).heard,
    status: turn.status,
    seconds: turn.receivedMs / 1000,
    heard_seconds: turn.playedMs / 1000,
    first_audio_ms: turn.firstAudioMs,
    trace: turn.trace,
    metadata: turn.metadata,
  };
}

function split(turn) {
  const at = turn.heardCharacters();
  return { heard: turn.text.slice(0, at).trimEnd(), unheard: turn.text.slice(at).trim() };
}
