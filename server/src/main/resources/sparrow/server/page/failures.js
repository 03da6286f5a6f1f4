/** Returns a message for the user about an error event. */
export function errorInWords(error) {
  if (error.type === 'rate_limit_error') return `The server is busy: ${error.message} Try again in a moment.`;
  if (error.code === 'session_expired') return 'This session has reached its longest time; a new one begins.';
  if (error.code === 'input_audio_buffer_commit_empty') return 'That was too short to be a question.';
  return `The server refused something: ${error.message}`;
}

/** Returns true for a normal race: the answer ended while it was being interrupted, or an item had been deleted. */
export function isOfNoConsequence(error) {
  return (
    error.code === 'response_cancel_not_active' ||
    (error.code === 'item_not_found' && error.event_id?.startsWith('forget_')) ||
    (error.code === 'item_truncate_invalid_item_id' && error.event_id?.startsWith('cut_'))
  );
}

/** Returns a message for the user about why a WebSocket was closed. */
export function closeInWords(code, reason) {
  const said = reason ? ` (${reason})` : '';
  switch (code) {
    case 1000:
      return `The server ended the session${said}.`;
    case 1001:
      return 'The server is shutting down.';
    case 1008:
      return `The server closed the session: this page broke one of its rules${said}.`;
    case 1009:
      return `Something was too big for the server${said}.`;
    case 1011:
      return `Something broke in the server${said}.`;
    default:
      return `The connection was lost${said}.`;
  }
}
