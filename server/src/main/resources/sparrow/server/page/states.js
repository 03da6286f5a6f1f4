/** The sound that is played is a sample question for the server, not a replay of a turn. */
export const ASKED = 'asked';
/** Duration of the display of an interruption, ms. */
const INTERRUPTED_MS = 1500;

/**
 * Returns the present state: a name, which selects the colour, a word and a sentence. It is computed from current facts
 * (such as what the loudspeaker plays, not what the server announced), so that no state can persist wrongly.
 */
export function stateOf({ phase, talk, player, hasMicrophone, handsFree, aloud, waiting, retryMs }) {
  if (phase === 'reconnecting') return reconnecting(Math.ceil(retryMs / 1000));
  if (phase !== 'connected') return PHASES[phase];
  const { questions, speaking } = talk;
  if (aloud) return aloud === ASKED ? ASKING : REPLAYING;
  if (performance.now() - speaking.interruptedAt < INTERRUPTED_MS) return interrupted(questions.hearing);
  if (questions.pressed) return PRESSED;
  if (questions.hearing) return HEARING;
  if (player.playing) return handsFree && hasMicrophone ? SPEAKING_OPEN : SPEAKING;
  if (speaking.stalled) return STALLED;
  if (talk.queuePlace > 0) return queued(talk.queuePlace);
  if (talk.waiting && waiting > 0) return amongOthers(waiting);
  if (talk.awaiting) return THINKING;
  if (talk.answering) return speaking.reply.text ? VOICING : THINKING;
  if (!hasMicrophone) return WITHOUT_MICROPHONE;
  if (!handsFree) return READY;
  return questions.muted ? MUTED : LISTENING;
}

const PHASES = {
  off: state('off', 'Ready when you are', 'Press start, allow the microphone, and ask a question out loud.'),
  permission: state('connecting', 'One moment', 'The browser asks whether this page may use the microphone.'),
  connecting: state('connecting', 'Connecting', 'Opening a session with the server.'),
  locked: state('ready', 'A key is needed', 'Enter the key of this server below.'),
  failed: state('lost', 'Not connected', 'Press start to try again.'),
};

const LISTENING = state('listening', 'Listening', 'Ask your question. A short silence ends it.');
const MUTED = state('ready', 'Muted', 'The microphone is off. Unmute it to go on.');
const READY = state('ready', 'Your turn', 'Hold the button or the space bar while you speak.');
const WITHOUT_MICROPHONE = state('ready', 'Connected', 'No microphone is open. You can type, or choose a question.');
const HEARING = state('hearing', 'Hearing you', 'Speak on; the answer begins when you pause.');
const ASKING = state('hearing', 'Asking', 'A recorded voice asks this question for you.');
const REPLAYING = state('speaking', 'Playing again', 'The microphone is off meanwhile. Press escape to stop.');
const PRESSED = state('hearing', 'Hearing you', 'Let go when your question is complete.');
const STALLED = state('thinking', 'Catching up', 'The next part of the answer is not decoded yet.');
const THINKING = state('thinking', 'Thinking', 'The first tokens of the answer are being decoded.');
const VOICING = state('thinking', 'Thinking', 'The words are here; their sound comes next.');
const SPEAKING = state('speaking', 'Speaking', 'Press escape, or ask the next question, to interrupt.');
const SPEAKING_OPEN = state('speaking', 'Speaking', 'Just start talking to interrupt.');

function reconnecting(seconds) {
  return state('lost', 'Connection lost', seconds > 0 ? `The next attempt begins in ${seconds} s.` : 'Trying to reach the server again.');
}

function queued(place) {
  return state('thinking', `In line, place ${place}`, 'Others are being answered. Your turn comes by itself.');
}

function amongOthers(waiting) {
  const sentence = waiting === 1 ? 'The server answers others first.' : `${waiting} answers wait, yours among them.`;
  return state('thinking', 'In line', sentence);
}

function interrupted(hearing) {
  const sentence = 'The answer stopped, and the model’s memory of it ends there.';
  return state('interrupted', hearing ? 'Interrupted, hearing you' : 'Interrupted', sentence);
}

function state(name, word, sentence) {
  return { name, word, sentence };
}
