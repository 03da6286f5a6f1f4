/**
 * The messages of OpenAI's Realtime protocol. A client sends
 * {@link sparrow.server.realtime.event.ClientEvent client events} and receives
 * {@link sparrow.server.realtime.event.ServerEvent server events}. Both contain the
 * {@link sparrow.server.realtime.event.Item items} of a conversation and the
 * {@link sparrow.server.realtime.event.SessionConfig settings} of a session.
 */
package sparrow.server.realtime.event;
