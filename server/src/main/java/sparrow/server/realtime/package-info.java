/**
 * OpenAI's Realtime protocol in its GA form. A client's frame becomes a
 * {@link sparrow.server.realtime.event.ClientEvent}, a {@link sparrow.server.realtime.session.RealtimeSession} answers
 * it with {@linkplain sparrow.server.realtime.event.ServerEvent server events}, and
 * {@link sparrow.server.realtime.RealtimeEndpoint} sends and receives both over a WebSocket.
 *
 * <p>The session is a plain object: it has no thread and no socket, uses a given clock, and delegates long computations
 * to its {@link sparrow.server.realtime.session.ConversationBackend}. The conversation is a list of items; each
 * response converts the current list to a chat, so that truncating, deleting and inserting only edit the list.
 */
package sparrow.server.realtime;
