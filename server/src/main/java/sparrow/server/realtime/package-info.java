/**
 * OpenAI's Realtime protocol in its GA form. A client's frame becomes a {@link sparrow.server.realtime.event.ClientEvent}, a {@link
 * sparrow.server.realtime.session.RealtimeSession} answers it with {@linkplain sparrow.server.realtime.event.ServerEvent events} of its own,
 * and {@link sparrow.server.realtime.RealtimeEndpoint} carries both over a WebSocket.
 *
 * <p>The session is a plain object: it has no thread and no socket, reads a given clock, and whatever takes long it asks of
 * its {@link sparrow.server.realtime.session.ConversationBackend}. The conversation is a list of items; each turn makes a chat of the list as
 * it is then, so that truncating, deleting and inserting are edits of a list and nothing else.
 */
package sparrow.server.realtime;
