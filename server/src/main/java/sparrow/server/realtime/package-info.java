/**
 * The GA version of OpenAI's Realtime protocol. A client's frame is converted to a
 * {@link sparrow.server.realtime.event.ClientEvent}, to which a {@link sparrow.server.realtime.session.RealtimeSession}
 * responds with {@linkplain sparrow.server.realtime.event.ServerEvent server events}.
 * {@link sparrow.server.realtime.RealtimeEndpoint} receives and sends both over a WebSocket.
 *
 * <p>The session is a plain object: it has no thread and no socket, uses a given clock, and delegates long computations
 * to its {@link sparrow.server.realtime.session.ConversationBackend}. The conversation is a list of items. Each
 * response converts the current list to a chat history, so truncating, deleting and inserting items only change the
 * list.
 */
package sparrow.server.realtime;
