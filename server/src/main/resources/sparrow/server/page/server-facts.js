/** The reason why the server does not answer, as a message for the user. */
export class Unreachable extends Error {
  constructor(message, { needsKey = false } = {}) {
    super(message);
    this.needsKey = needsKey;
  }
}

const PATIENCE_MS = 5000;

/**
 * Returns the answer to a GET request.
 *
 * @throws Unreachable
 */
async function get(path, key) {
  let response;
  try {
    response = await fetch(path, {
      headers: key ? { Authorization: `Bearer ${key}` } : {},
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch {
    throw new Unreachable('The server does not answer.');
  }
  if (!response.ok) throw await refusal(response, key);
  return response;
}

async function getJson(path, key) {
  return (await get(path, key)).json();
}

/**
 * Returns the bytes of a file.
 *
 * @throws Unreachable
 */
export async function serverFile(path, key) {
  return (await get(path, key)).arrayBuffer();
}

async function refusal(response, key) {
  const body = await response.json().catch(() => null);
  const said = body?.error?.message ? ` It says: ${body.error.message}` : '';
  switch (response.status) {
    case 401:
      return new Unreachable(key ? 'This is not the key of this server.' : 'This server asks for a key.', { needsKey: true });
    case 403:
      return new Unreachable(`The server refuses this page’s address.${said}`);
    case 429:
      return new Unreachable(`The server is busy.${said}`);
    case 503:
      return new Unreachable('The server is still loading its model.');
    default:
      return new Unreachable(`The server answered with status ${response.status}.${said}`);
  }
}

/**
 * Returns the facts about the server that the page uses, with defaults for missing ones: name, family, layers,
 * exitLayers, policy, sampleRateHz, speechUnitsPerSecond, voices, instructions (whether it follows any), transcribes
 * (whether it transcribes questions), webrtc (whether it accepts calls), about, questions, turns (0 if unbounded), and queue, active, kvBytes, depthSaved,
 * which change.
 *
 * @throws Unreachable
 */
export async function serverFacts(key) {
  const models = await getJson('/v1/models', key);
  const card = models.data?.[0] ?? {};
  // The page works with any Realtime server; others than Sparrow lack this route.
  const status = await getJson('/sparrow/v1/status', key).catch(() => ({}));
  const said = { ...card.sparrow, ...status };
  return {
    name: said.model ?? card.id ?? 'a model',
    family: said.family ?? '',
    layers: said.layers ?? 0,
    exitLayers: said.exit_layers ?? [],
    policy: said.exit ?? '',
    sampleRateHz: said.sample_rate_hz ?? 0,
    speechUnitsPerSecond: said.speech_units_per_second ?? 0,
    voices: said.voices ?? [],
    instructions: said.instructions ?? true,
    transcribes: said.transcribes ?? false,
    about: said.about ?? '',
    questions: (said.questions ?? []).map((question) => (typeof question === 'string' ? { text: question } : question)),
    turns: said.turns ?? 0,
    webrtc: said.webrtc ?? false,
    ...changing(said),
  };
}

/**
 * Returns the facts that change while the server runs.
 *
 * @throws Unreachable
 */
export async function serverLoad(key) {
  return changing(await getJson('/sparrow/v1/status', key));
}

function changing(said) {
  return {
    queue: said.queue ?? 0,
    active: said.active ?? 0,
    kvBytes: said.kv_bytes ?? 0,
    depthSaved: Number.isFinite(said.depth_saved) ? said.depth_saved : null,
  };
}

/** Returns whether the server answers at all. */
export async function isAlive() {
  try {
    await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) });
    return true;
  } catch {
    return false;
  }
}
